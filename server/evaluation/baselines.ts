import type { LeadQuantiles } from '../forecast/index.ts'
import { empiricalQuantile, sortedErrors } from './empirical.ts'
import { normalQuantile } from './normal.ts'

export type BaselineInput = {
  /** Values up to the origin, NaN where missing. */
  history: readonly number[]
  horizon: number
  levels: readonly number[]
}

/** A method without state, fitted anew at every origin. */
export type Baseline = { name: string; forecast: (input: BaselineInput) => LeadQuantiles[] }

/** The last value with normal intervals of width σ√h, σ² the mean squared step (FPP3 §5.2). */
export const naive: Baseline = {
  name: 'last value, normal',
  forecast: ({ history, horizon, levels }) => {
    const last = lastKnown(history)
    let squares = 0
    let count = 0
    for (let t = 1; t < history.length; t++) {
      const step = (history[t] ?? Number.NaN) - (history[t - 1] ?? Number.NaN)
      if (Number.isNaN(step)) continue
      squares += step * step
      count++
    }
    const sigma = Math.sqrt(squares / Math.max(1, count))
    return perLead(horizon, (lead) =>
      levels.map((level) => last + sigma * Math.sqrt(lead) * normalQuantile(level)),
    )
  },
}

/** The last value plus the empirical quantiles of its own past errors at the same lead. */
export const naiveEmpirical: Baseline = {
  name: 'last value, empirical',
  forecast: ({ history, horizon, levels }) => {
    const last = lastKnown(history)
    return perLead(horizon, (lead) => {
      const errors = sortedErrors(history.length - lead, (t) => at(history, t + lead) - at(history, t))
      return levels.map((level) => last + empiricalQuantile(errors, level))
    })
  },
}

/** The mean of the last `window` values, with the empirical quantiles of its own past errors at the same lead. */
export function movingAverage(window: number): Baseline {
  return {
    name: `mean of ${window}`,
    forecast: ({ history, horizon, levels }) => {
      const means = trailingMeans(history, window)
      const centre = lastKnown(means)
      return perLead(horizon, (lead) => {
        const errors = sortedErrors(history.length - lead, (t) => at(history, t + lead) - at(means, t))
        return levels.map((level) => centre + empiricalQuantile(errors, level))
      })
    },
  }
}

/** The value one season ago, with empirical quantiles of its own past errors; the last value until there is a season. */
export function seasonalNaive(name: string, seasonSteps: number): Baseline {
  return {
    name,
    forecast: ({ history, horizon, levels }) => {
      if (history.length <= seasonSteps) return naiveEmpirical.forecast({ history, horizon, levels })
      const last = lastKnown(history)
      const errors = sortedErrors(
        history.length - seasonSteps,
        (t) => at(history, t + seasonSteps) - at(history, t),
      )
      return perLead(horizon, (lead) => {
        const before = at(history, history.length - seasonSteps + ((lead - 1) % seasonSteps))
        const centre = Number.isNaN(before) ? last : before
        return levels.map((level) => centre + empiricalQuantile(errors, level))
      })
    },
  }
}

/** One row per lead. */
export function perLead(horizon: number, valuesAt: (lead: number) => number[]): LeadQuantiles[] {
  return Array.from({ length: horizon }, (_, i) => ({ lead: i + 1, values: valuesAt(i + 1) }))
}

const at = (values: readonly number[], t: number): number => values[t] ?? Number.NaN
const lastKnown = (values: readonly number[]): number => values.findLast((value) => !Number.isNaN(value)) ?? 0

/** Mean of what was measured among each value and the `window − 1` before it. */
function trailingMeans(history: readonly number[], window: number): number[] {
  let sum = 0
  let count = 0
  return history.map((value, t) => {
    const old = at(history, t - window)
    if (!Number.isNaN(value)) {
      sum += value
      count++
    }
    if (!Number.isNaN(old)) {
      sum -= old
      count--
    }
    return count > 0 ? sum / count : Number.NaN
  })
}
