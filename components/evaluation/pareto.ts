import type { ParetoPoint, ReplayPolicy } from '../../server/evaluation/contract.ts'

/** Policies that know what comes: a bound, and no policy that anybody could run. */
export const isOptimum = (policy: ReplayPolicy): boolean =>
  policy === 'clairvoyant' || policy === 'clairvoyant-slo'

/** The efficient points from cheap to dear. */
export const frontierOf = (points: readonly ParetoPoint[]): ParetoPoint[] =>
  points.filter(({ efficient }) => efficient).sort((a, b) => a.paidCostUsd - b.paidCostUsd)

/** A logarithmic axis from and to round values: 1, 2 or 5 times a power of ten. */
export function latencyTicks(values: readonly number[]): { min: number; max: number; ticks: number[] } {
  const known = values.filter((value) => value > 0 && Number.isFinite(value))
  const [low, high] = [Math.min(...known), Math.max(...known)]
  if (known.length === 0) return { min: 1, max: 10, ticks: [1, 10] }
  const round: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of [1, 2, 5]) round.push(factor * 10 ** power)
  }
  const min = round.findLast((value) => value <= low) ?? low
  const max = round.find((value) => value >= high && value > min) ?? high
  const within = round.filter((value) => value >= min && value <= max)
  const decades = within.filter((value) => Number.isInteger(Math.log10(value)))
  return { min, max, ticks: within.length > 8 ? decades : within }
}
