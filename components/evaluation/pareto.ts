import type { ParetoPoint, ReplayPolicy } from '../../server/evaluation/contract.ts'
import { valueAxis } from '../charts/axis.ts'

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

/** An axis of money that begins at a round value below the lowest point, not at zero: what is compared lies close together. */
export function moneyAxis(values: readonly number[]): { min: number; max: number; ticks: number[] } {
  const known = values.filter(Number.isFinite)
  if (known.length === 0) return { min: 0, max: 1, ticks: [0, 1] }
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const { ticks } = valueAxis(high - low || high || 1, 4)
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0)
  const min = Math.max(0, Math.floor(low / step) * step)
  const count = Math.max(1, Math.ceil((high - min) / step))
  return {
    min,
    max: min + count * step,
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((min + i * step).toPrecision(12))),
  }
}

const labelHeight = 13

/**
 * How far each name is moved from its point, in pixels, so that no two lie on each other: names that may meet are spread
 * from the top down. `y`: pixels from the top.
 */
export function spreadLabels(points: readonly { x: number; y: number }[], reach: number): number[] {
  const order = points.map((_, i) => i).sort((a, b) => (points[a]?.y ?? 0) - (points[b]?.y ?? 0))
  const placed: { x: number; y: number }[] = []
  const shifts = points.map(() => 0)
  for (const i of order) {
    const point = points[i]
    if (point === undefined) continue
    let y = point.y
    for (const other of placed) {
      if (Math.abs(other.x - point.x) < reach && Math.abs(other.y - y) < labelHeight)
        y = other.y + labelHeight
    }
    shifts[i] = y - point.y
    placed.push({ x: point.x, y })
  }
  return shifts
}
