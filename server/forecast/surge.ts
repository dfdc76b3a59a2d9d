import type { LeadForecast, Surge } from './contract.ts'
import { exceedance, quantileAt } from './quantile-function.ts'

const UPPER_LEVEL = 0.9

export type SurgeInput = {
  leads: readonly LeadForecast[]
  levels: readonly number[]
  /** Demand that can be served: one number, or one per lead when capacity is already on its way. */
  capacity: number | readonly number[]
  /** Probability from which a lead counts as part of a surge. */
  minProbability: number
}

/**
 * The first span of leads in which demand passes capacity with at least `minProbability`, or null. Its
 * `probability` is the largest of a single lead in the span. That is exact if leads move together and a lower
 * bound otherwise, because quantiles per lead say nothing of how leads depend on each other.
 */
export function detectSurge({ leads, levels, capacity, minProbability }: SurgeInput): Surge | null {
  const capacityAt = (i: number) =>
    typeof capacity === 'number' ? capacity : (capacity[i] ?? capacity.at(-1) ?? 0)
  const chances = leads.map(({ values }, i) => exceedance(levels, values, capacityAt(i)))
  const start = chances.findIndex((chance) => chance >= minProbability)
  const first = leads[start]
  if (first === undefined) return null
  let end = start
  while (end + 1 < leads.length && (chances[end + 1] ?? 0) >= minProbability) end++
  const last = leads[end] ?? first
  let peak = start
  const medianOf = (i: number) => quantileAt(levels, leads[i]?.values ?? [], 0.5)
  for (let i = start; i <= end; i++) if (medianOf(i) > medianOf(peak)) peak = i
  return {
    startsAt: first.at,
    endsAt: last.at,
    peakAt: leads[peak]?.at ?? first.at,
    peakMedian: medianOf(peak),
    peakUpper: quantileAt(levels, leads[peak]?.values ?? [], UPPER_LEVEL),
    probability: Math.max(...chances.slice(start, end + 1)),
    capacity: capacityAt(peak),
  }
}
