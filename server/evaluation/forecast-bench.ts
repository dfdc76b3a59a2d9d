import { createEngine, type EngineOptions, type LeadQuantiles } from '../forecast/index.ts'
import { type Baseline, naive, naiveEmpirical, seasonalNaive } from './baselines.ts'
import type { ForecastScores, JudgedForecast } from './contract.ts'
import { scoreForecasts } from './scores.ts'

/** A series on its grid with the steps from which it is forecast. */
export type BenchSeries = {
  id: string
  stepSeconds: number
  horizon: number
  maseScale: number
  /** NaN where missing. */
  values: readonly number[]
  /** Index of the last value that a forecast may use. */
  origins: readonly number[]
}

const DAY_SECONDS = 86_400
const LEVELS = [0.05, 0.1, 0.5, 0.9, 0.95, 0.99]

/** The engine's scores on one series, and the bytes of state that it ended with. */
export function benchEngine(series: BenchSeries, seed: number): ForecastScores & { stateBytes: number } {
  const { stepSeconds, horizon } = series
  const options: EngineOptions = { stepSeconds, horizon, levels: LEVELS, seed }
  const engine = createEngine(options)
  const origins = new Set(series.origins)
  const judged: JudgedForecast[] = []
  for (const [step, value] of series.values.entries()) {
    engine.learn(value)
    if (origins.has(step)) judged.push(...judge(series, step, engine.forecast()))
  }
  return { ...scoreForecasts(judged, series.maseScale), stateBytes: engine.stateBytes }
}

/** A baseline's scores on one series. */
export function benchBaseline(series: BenchSeries, baseline: Baseline): ForecastScores {
  const judged = series.origins.flatMap((origin) => {
    const history = series.values.slice(0, origin + 1)
    return judge(series, origin, baseline.forecast({ history, horizon: series.horizon, levels: LEVELS }))
  })
  return scoreForecasts(judged, series.maseScale)
}

/** The baselines that fit a series' step; the first is the unit of relative scores. */
export function baselinesFor(series: BenchSeries): Baseline[] {
  const day = Math.round(DAY_SECONDS / series.stepSeconds)
  return [
    naive,
    naiveEmpirical,
    seasonalNaive('same time yesterday', day),
    seasonalNaive('same time last week', 7 * day),
  ]
}

function judge(series: BenchSeries, origin: number, leads: LeadQuantiles[]): JudgedForecast[] {
  return leads.map(({ lead, values }) => ({
    lead,
    levels: LEVELS,
    values,
    actual: series.values[origin + lead] ?? Number.NaN,
  }))
}
