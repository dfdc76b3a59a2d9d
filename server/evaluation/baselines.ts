import type { LeadQuantiles } from '../forecast/index.ts'
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
    const known = history.filter((value) => !Number.isNaN(value))
    const last = known.at(-1) ?? 0
    const steps = differences(history, 1)
    const sigma = Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / Math.max(1, steps.length))
    return perLead(horizon, (lead) =>
      levels.map((level) => last + sigma * Math.sqrt(lead) * normalQuantile(level)),
    )
  },
}

/** The last value plus the empirical quantiles of its own past errors at the same lead. */
export const naiveEmpirical: Baseline = {
  name: 'last value, empirical',
  forecast: ({ history, horizon, levels }) => {
    const last = history.findLast((value) => !Number.isNaN(value)) ?? 0
    return perLead(horizon, (lead) => {
      const errors = differences(history, lead).sort((a, b) => a - b)
      return levels.map((level) => last + empiricalQuantile(errors, level))
    })
  },
}

/** The value one season ago, with empirical quantiles of its own past errors. */
export function seasonalNaive(name: string, seasonSteps: number): Baseline {
  return {
    name,
    forecast: ({ history, horizon, levels }) => {
      if (history.length <= seasonSteps) return naiveEmpirical.forecast({ history, horizon, levels })
      const last = history.findLast((value) => !Number.isNaN(value)) ?? 0
      const errors = differences(history, seasonSteps).sort((a, b) => a - b)
      return perLead(horizon, (lead) => {
        const before = history[history.length - seasonSteps + ((lead - 1) % seasonSteps)] ?? Number.NaN
        const centre = Number.isNaN(before) ? last : before
        return levels.map((level) => centre + empiricalQuantile(errors, level))
      })
    },
  }
}

function perLead(horizon: number, valuesAt: (lead: number) => number[]): LeadQuantiles[] {
  return Array.from({ length: horizon }, (_, i) => ({ lead: i + 1, values: valuesAt(i + 1) }))
}

/** y[t] − y[t − lag] where both were measured. */
function differences(history: readonly number[], lag: number): number[] {
  const result: number[] = []
  for (let t = lag; t < history.length; t++) {
    const change = (history[t] ?? Number.NaN) - (history[t - lag] ?? Number.NaN)
    if (!Number.isNaN(change)) result.push(change)
  }
  return result
}

/** Linear between order statistics (Hyndman and Fan 1996, type 7); 0 of an empty sample. */
function empiricalQuantile(sorted: readonly number[], level: number): number {
  if (sorted.length === 0) return 0
  const position = level * (sorted.length - 1)
  const low = Math.floor(position)
  const base = sorted[low] ?? 0
  return base + (position - low) * ((sorted[low + 1] ?? base) - base)
}
