import { type PathForecast, rankTable } from './sample-paths.ts'

/** Passing again within this many leads belongs to the same episode: load that hovers is one surge. */
const CALM_LEADS = 3
/** Positions within a rank's cell that are followed per row. */
const STRATA = 4

/** One path's stay above capacity, by index of its first and last lead above; weights sum to the chance of passing. */
export type Episode = { start: number; end: number; weight: number }

/**
 * First episodes above capacity of the paths that pass it, given the position from which each row passes (as
 * `passPositions` gives for the leads in which an episode must start); each is followed to its end beyond them.
 */
export function episodes(forecast: PathForecast, safe: Float64Array, positions: Float64Array): Episode[] {
  if (forecast.joint === null) return []
  const { samples, leads, ranks } = rankTable(forecast.joint)
  const found: Episode[] = []
  for (let row = 0; row < samples; row++) {
    const from = positions[row] ?? 1
    if (from >= 1) continue
    for (let stratum = 0; stratum < STRATA; stratum++) {
      const position = from + ((1 - from) * (stratum + 0.5)) / STRATA
      const above = (i: number) => {
        const lead = Math.min(leads, forecast.leads[i]?.lead ?? leads)
        return (ranks[row * leads + lead - 1] ?? 0) + position > (safe[i] ?? 1) * samples
      }
      const episode = firstEpisode(forecast.leads.length, above)
      if (episode !== null) found.push({ ...episode, weight: (1 - from) / (STRATA * samples) })
    }
  }
  return found
}

function firstEpisode(count: number, above: (i: number) => boolean): { start: number; end: number } | null {
  let start = 0
  while (start < count && !above(start)) start++
  if (start === count) return null
  let end = start
  for (let i = start + 1; i < count && i - end <= CALM_LEADS; i++) if (above(i)) end = i
  return { start, end }
}

/** The 10%, 50% and 90% quantiles of weighted values; zeros of none. */
export function quantilesOf(weighted: [value: number, weight: number][]): {
  p10: number
  p50: number
  p90: number
} {
  const sorted = weighted.toSorted(([a], [b]) => a - b)
  const mass = sorted.reduce((sum, [, weight]) => sum + weight, 0)
  const quantile = (level: number) => {
    let below = 0
    for (const [value, weight] of sorted) {
      below += weight
      if (below >= level * mass) return value
    }
    return sorted.at(-1)?.[0] ?? 0
  }
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9) }
}
