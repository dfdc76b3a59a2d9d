import { quantileAt } from '../forecast/index.ts'
import type { ForecastScores, JudgedForecast } from './contract.ts'

/** Levels of the weighted quantile loss unless said otherwise. */
export const SCORED_LEVELS = [0.1, 0.5, 0.9, 0.95, 0.99] as const

/** Pinball loss of a quantile forecast (Koenker and Bassett 1978), in the unit of the series. */
export function pinballLoss(level: number, forecast: number, actual: number): number {
  const error = actual - forecast
  return error >= 0 ? level * error : (level - 1) * error
}

/** Mean of 2 · pinball over levels and forecasts, divided by mean |actual| (Gasthaus et al. 2019). */
export function weightedQuantileLoss(
  judged: readonly JudgedForecast[],
  scored: readonly number[] = SCORED_LEVELS,
): number {
  let loss = 0
  let magnitude = 0
  for (const { levels, values, actual } of judged) {
    if (Number.isNaN(actual)) continue
    magnitude += Math.abs(actual)
    for (const level of scored)
      loss += (2 * pinballLoss(level, quantileAt(levels, values, level), actual)) / scored.length
  }
  return magnitude > 0 ? loss / magnitude : loss === 0 ? 0 : Number.POSITIVE_INFINITY
}

/** Share of actuals within [low, high] quantiles; NaN when nothing was judged. */
export function coverage(judged: readonly JudgedForecast[], low: number, high: number): number {
  let hits = 0
  let count = 0
  for (const { levels, values, actual } of judged) {
    if (Number.isNaN(actual)) continue
    count++
    if (actual >= quantileAt(levels, values, low) && actual <= quantileAt(levels, values, high)) hits++
  }
  return count > 0 ? hits / count : Number.NaN
}

/** Mean absolute scaled error of the median (Hyndman and Koehler 2006), given its in-sample scale. */
export function mase(judged: readonly JudgedForecast[], scale: number): number {
  let sum = 0
  let count = 0
  for (const { levels, values, actual } of judged) {
    if (Number.isNaN(actual)) continue
    sum += Math.abs(actual - quantileAt(levels, values, 0.5))
    count++
  }
  return count > 0 ? sum / count / scale : Number.NaN
}

/** Mean |y[t] − y[t − season]| over the pairs that were both measured: the unit of MASE. */
export function maseScale(history: readonly number[], season: number): number {
  let sum = 0
  let count = 0
  for (let t = season; t < history.length; t++) {
    const change = Math.abs((history[t] ?? Number.NaN) - (history[t - season] ?? Number.NaN))
    if (Number.isNaN(change)) continue
    sum += change
    count++
  }
  return count > 0 ? sum / count : Number.NaN
}

/** All scores of one method on one series. */
export function scoreForecasts(judged: readonly JudgedForecast[], scale: number): ForecastScores {
  return {
    count: judged.filter(({ actual }) => !Number.isNaN(actual)).length,
    weightedQuantileLoss: weightedQuantileLoss(judged),
    mase: mase(judged, scale),
    coverage90: coverage(judged, 0.05, 0.95),
  }
}

/** Geometric mean of positive numbers; NaN of none. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
