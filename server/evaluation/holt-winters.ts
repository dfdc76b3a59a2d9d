import { type Baseline, perLead } from './baselines.ts'
import { empiricalQuantile, sortedErrors } from './empirical.ts'

/** `season` is its weight, `steps` its length; 0 steps: no season. */
type Smoothing = { level: number; trend: number; season: number; steps: number }

const DAMPING = 0.98
/** Values that a fit looks back on. */
const LONGEST_FIT = 4_032
const LEVEL_GRID = [0.02, 0.1, 0.3, 0.6, 0.95]
const TREND_GRID = [0, 0.01, 0.1]
const SEASON_GRID = [0.05, 0.2, 0.5]

/**
 * Additive Holt-Winters with a damped trend (FPP3 §8.3), with or without a season of `seasonSteps` once three of them are
 * known. The smoothing is the one of a grid with the least squared one-step error of the past; quantiles are those
 * of the method's own past errors at the same lead.
 */
export function holtWinters(seasonSteps: number): Baseline {
  return {
    name: 'Holt-Winters',
    forecast: ({ history, horizon, levels }) => {
      const past = history.slice(-LONGEST_FIT)
      const burnIn = past.length >= 3 * seasonSteps ? seasonSteps : 0
      const run = smooth(past, bestSmoothing(past, burnIn), horizon)
      return perLead(horizon, (lead) => {
        const forecasts = run[lead - 1] ?? new Float64Array()
        const centre = forecasts[past.length - 1] ?? 0
        const errors = sortedErrors(past.length - lead - burnIn, (t) =>
          errorAt(past, forecasts, t + burnIn, lead),
        )
        return levels.map((level) => centre + empiricalQuantile(errors, level))
      })
    },
  }
}

const errorAt = (past: readonly number[], forecasts: Float64Array, t: number, lead: number): number =>
  (past[t + lead] ?? Number.NaN) - (forecasts[t] ?? Number.NaN)

/** The candidate with the least squared one-step error after the first `burnIn` values, which is the season's length. */
function bestSmoothing(past: readonly number[], burnIn: number): Smoothing {
  let best: Smoothing = { level: 0.3, trend: 0, season: 0, steps: 0 }
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates(burnIn)) {
    const [forecasts = new Float64Array()] = smooth(past, candidate, 1)
    let error = 0
    for (let t = burnIn; t + 1 < past.length; t++) {
      const miss = errorAt(past, forecasts, t, 1)
      if (!Number.isNaN(miss)) error += miss * miss
    }
    if (error < least) {
      least = error
      best = candidate
    }
  }
  return best
}

function candidates(steps: number): Smoothing[] {
  const plain = LEVEL_GRID.flatMap((level) =>
    TREND_GRID.map((trend) => ({ level, trend, season: 0, steps: 0 })),
  )
  if (steps === 0) return plain
  return [...plain, ...plain.flatMap((each) => SEASON_GRID.map((season) => ({ ...each, season, steps })))]
}

/** Forecasts of each lead from each time: `result[lead − 1][t]`; NaN within the first season. A gap leaves level and season. */
function smooth(past: readonly number[], by: Smoothing, leads: number): Float64Array[] {
  const result = Array.from({ length: leads }, () => new Float64Array(past.length))
  const season = by.steps
  const { level: start, shape } = firstSeason(past, season)
  let level = start
  let trend = 0
  for (const [t, value] of past.entries()) {
    const slot = season > 0 ? t % season : 0
    const usual = shape[slot] ?? 0
    const expected = level + DAMPING * trend
    if (!Number.isNaN(value)) {
      const next = expected + by.level * (value - usual - expected)
      trend = DAMPING * trend + by.trend * (next - level - DAMPING * trend)
      level = next
      if (season > 0) shape[slot] = usual + by.season * (value - next - usual)
    }
    let damped = 0
    let factor = 1
    for (const [i, row] of result.entries()) {
      factor *= DAMPING
      damped += factor
      const ahead = season > 0 ? (shape[(t + 1 + i) % season] ?? 0) : 0
      row[t] = t < season ? Number.NaN : level + damped * trend + ahead
    }
  }
  return result
}

/** Mean of the first season and the deviations from it; without a season, the first value. */
function firstSeason(past: readonly number[], season: number): { level: number; shape: Float64Array } {
  const first = past.slice(0, Math.max(1, season)).filter((value) => !Number.isNaN(value))
  const level = first.length > 0 ? first.reduce((sum, value) => sum + value, 0) / first.length : 0
  const shape = new Float64Array(Math.max(1, season))
  for (let i = 0; i < season; i++) {
    const value = past[i] ?? Number.NaN
    shape[i] = Number.isNaN(value) ? 0 : value - level
  }
  return { level, shape }
}
