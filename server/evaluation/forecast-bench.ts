import { createEngine, type ExpertName, type LeadQuantiles } from '../forecast/index.ts'
import { type Baseline, movingAverage, naive, naiveEmpirical, seasonalNaive } from './baselines.ts'
import type { JudgedForecast } from './contract.ts'
import { holtWinters } from './holt-winters.ts'
import { localLevel } from './local-level.ts'

/** A series on its grid with the steps from which it is forecast. */
export type BenchSeries = {
  id: string
  /** Series that tell about each other; cross-validation leaves out whole families. */
  family: string
  /** Kind of demand, for which coverage is pooled. */
  group: string
  stepSeconds: number
  /** Seconds after midnight UTC of the first value. */
  startSeconds: number
  horizon: number
  maseScale: number
  /** NaN where missing. */
  values: readonly number[]
  /** Index of the last value that a forecast may use. */
  origins: readonly number[]
  /** Origins among the first sixty values, judged apart. */
  coldOrigins: readonly number[]
}

/** Forecasts of one method from all origins of a series. */
export type BenchRun = { warm: JudgedForecast[]; cold: JudgedForecast[]; firstHour: JudgedForecast[] }
export type EngineRun = BenchRun & {
  learnMicroseconds: number
  forecastMicroseconds: number
  stateBytes: number
}

export type EngineBenchOptions = {
  seed: number
  /** Which experts take part; all of them unless said. */
  experts?: readonly ExpertName[]
  /** CPU time used so far, in µs. */
  cpuMicroseconds: () => number
}

const DAY_SECONDS = 86_400
const HOUR_SECONDS = 3_600
const LEVELS = [0.05, 0.1, 0.5, 0.9, 0.95, 0.99]

/** The engine's forecasts of one series, what they cost, and the bytes of state that it ended with. */
export function benchEngine(series: BenchSeries, options: EngineBenchOptions): EngineRun {
  const { stepSeconds, startSeconds, horizon } = series
  const { seed, experts, cpuMicroseconds } = options
  const engine = createEngine({ stepSeconds, startSeconds, horizon, levels: LEVELS, seed, experts })
  const collect = collector(series)
  let forecastMicroseconds = 0
  const started = cpuMicroseconds()
  for (const [step, value] of series.values.entries()) {
    engine.learn(value)
    if (!collect.wants(step)) continue
    const before = cpuMicroseconds()
    const leads = engine.forecast()
    forecastMicroseconds += cpuMicroseconds() - before
    collect.take(step, leads)
  }
  const learned = cpuMicroseconds() - started - forecastMicroseconds
  return {
    ...collect.run,
    learnMicroseconds: learned / series.values.length,
    forecastMicroseconds: forecastMicroseconds / collect.count(),
    stateBytes: engine.stateBytes,
  }
}

/** A baseline's forecasts of one series, none below zero: demand cannot be. */
export function benchBaseline(series: BenchSeries, baseline: Baseline): BenchRun {
  const { horizon, values } = series
  const collect = collector(series)
  for (const origin of new Set([...series.coldOrigins, ...series.origins])) {
    const history = values.slice(0, origin + 1)
    const leads = baseline.forecast({ history, horizon, levels: LEVELS })
    collect.take(
      origin,
      leads.map(({ lead, values: each }) => ({ lead, values: each.map((value) => Math.max(0, value)) })),
    )
  }
  return collect.run
}

/** The baselines that fit a series' step; the first is the unit of relative scores. */
export function baselinesFor(series: BenchSeries): [Baseline, Baseline, ...Baseline[]] {
  const day = Math.round(DAY_SECONDS / series.stepSeconds)
  return [
    naive,
    naiveEmpirical,
    seasonalNaive('same time yesterday', day),
    seasonalNaive('same time last week', 7 * day),
    movingAverage(6),
    holtWinters(day),
    localLevel,
  ]
}

/** Sorts forecasts into ordinary origins, cold ones, and those of the cold ones within the first hour. */
function collector(series: BenchSeries) {
  const warm = new Set(series.origins)
  const cold = new Set(series.coldOrigins)
  const run: BenchRun = { warm: [], cold: [], firstHour: [] }
  return {
    run,
    wants: (step: number) => warm.has(step) || cold.has(step),
    count: () => warm.size + cold.size,
    take: (step: number, leads: readonly LeadQuantiles[]) => {
      const judged = leads.map(({ lead, values }) => ({
        lead,
        levels: LEVELS,
        values,
        actual: series.values[step + lead] ?? Number.NaN,
      }))
      if (warm.has(step)) run.warm.push(...judged)
      if (cold.has(step)) run.cold.push(...judged)
      if (cold.has(step) && step * series.stepSeconds < HOUR_SECONDS) run.firstHour.push(...judged)
    },
  }
}
