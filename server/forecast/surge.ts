import type { Surge } from './contract.ts'
import { episodes, quantilesOf } from './paths/episodes.ts'
import { type Capacity, capacityAt, type PathForecast, passing, safety } from './paths/sample-paths.ts'
import { quantileAt } from './quantile-function.ts'

const UPPER_LEVEL = 0.9

export type SurgeInput = PathForecast & {
  /** Demand that can be served: one number, or one per lead when capacity is already on its way. */
  capacity: Capacity
  /** Probability from which demand that passes capacity is a surge. */
  minProbability: number
  /** Number of first leads in which a surge must start; all unless said. It is followed beyond them to its end. */
  within?: number
}

/**
 * The first span in which demand passes capacity with at least `minProbability`, or null. With joint ranks,
 * `probability` is that of passing at any of the leads within, it starts where that chance, summed up from now,
 * reaches the minimum, and ends when nine in ten of the passing paths are back. Without, the chance of the largest
 * single lead of the span is given: exact if leads move together and a lower bound otherwise.
 */
export function detectSurge(input: SurgeInput): Surge | null {
  const within = Math.min(input.within ?? input.leads.length, input.leads.length)
  const safe = safety(input, input.capacity)
  return input.joint === null || input.joint.samples === 0
    ? fromSingleLeads(input, safe, within)
    : fromPaths(input, safe, within)
}

function fromPaths(input: SurgeInput, safe: Float64Array, within: number): Surge | null {
  const { chanceBy, positions } = passing(input, safe, within)
  const start = chanceBy.findIndex((chance) => chance >= input.minProbability)
  if (start < 0) return null
  const found = episodes(input, safe, positions)
  const onset = quantilesOf(found.map(({ start: at, weight }) => [at, weight]))
  const ends = quantilesOf(found.map(({ end: at, weight }) => [at, weight]))
  const lengths = quantilesOf(found.map(({ start: from, end, weight }) => [end - from + 1, weight]))
  const at = (lead: number) => input.leads[lead]?.at ?? ''
  const stepSeconds = secondsPerLead(input)
  let open = 0
  let mass = 0
  for (const episode of found) {
    mass += episode.weight
    if (episode.end === input.leads.length - 1) open += episode.weight
  }
  return {
    ...spanOf(input, start, Math.max(start, ends.p90)),
    probability: chanceBy[within - 1] ?? 0,
    onset: { p10: at(onset.p10), p50: at(onset.p50), p90: at(onset.p90) },
    lengthSeconds: {
      p10: lengths.p10 * stepSeconds,
      p50: lengths.p50 * stepSeconds,
      p90: lengths.p90 * stepSeconds,
    },
    openShare: mass > 0 ? open / mass : 0,
  }
}

function fromSingleLeads(input: SurgeInput, safe: Float64Array, within: number): Surge | null {
  const chances = Array.from(safe, (share) => 1 - share)
  const start = chances.findIndex((chance) => chance >= input.minProbability)
  if (start < 0 || start >= within) return null
  let end = start
  while (end + 1 < chances.length && (chances[end + 1] ?? 0) >= input.minProbability) end++
  return {
    ...spanOf(input, start, end),
    probability: Math.max(...chances.slice(start, end + 1)),
    onset: null,
    lengthSeconds: null,
    openShare: null,
  }
}

/** Times of a span of leads, and its peak by the medians. */
function spanOf({ leads, levels, capacity }: SurgeInput, start: number, end: number) {
  const medianOf = (i: number) => quantileAt(levels, leads[i]?.values ?? [], 0.5)
  let peak = start
  for (let i = start; i <= end; i++) if (medianOf(i) > medianOf(peak)) peak = i
  return {
    startsAt: leads[start]?.at ?? '',
    endsAt: leads[end]?.at ?? '',
    peakAt: leads[peak]?.at ?? '',
    peakMedian: medianOf(peak),
    peakUpper: quantileAt(levels, leads[peak]?.values ?? [], UPPER_LEVEL),
    capacity: capacityAt(capacity, peak),
  }
}

function secondsPerLead({ leads }: SurgeInput): number {
  const [first, second] = leads
  return first && second ? (Date.parse(second.at) - Date.parse(first.at)) / 1_000 : 0
}
