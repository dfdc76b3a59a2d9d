import {
  type ParetoPoint,
  REPLAY_POLICIES,
  REPLAY_POLICY_WORDS,
  type ReplayPolicy,
} from '../../server/evaluation/contract.ts'
import { valueAxis } from '../charts/axis.ts'
import type { TradeOffAxis, TradeOffPoint } from '../charts/trade-off-chart.tsx'
import { formatMoney, formatNumber, formatPercent, formatQuantity, formatTick } from '../ui/format.ts'

type Range = Pick<TradeOffAxis, 'min' | 'max' | 'ticks'>

/** Policies that know what comes: a bound, and no policy that anybody could run. */
export const isOptimum = (policy: ReplayPolicy): boolean =>
  policy === 'clairvoyant' || policy === 'clairvoyant-slo'

/** The efficient points from cheap to dear. */
export const frontierOf = (points: readonly ParetoPoint[]): ParetoPoint[] =>
  points.filter(({ efficient }) => efficient).sort((a, b) => a.paidCostUsd - b.paidCostUsd)

/** A logarithmic axis from and to round values: 1, 2 or 5 times a power of ten. */
export function logRange(values: readonly number[]): Range {
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

/** A linear axis that begins at a round value below the lowest point, not at zero: what is compared lies close together. */
export function linearRange(values: readonly number[]): Range {
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

/** Points that lie further apart than this would squeeze the others into a corner of a linear axis. */
const widest = 5

export function moneyAxis(values: readonly number[]): TradeOffAxis {
  const paid = values.filter((value) => value > 0)
  const log = paid.length === values.length && Math.max(...paid) > widest * Math.min(...paid)
  return {
    ...(log ? logRange(values) : linearRange(values)),
    log,
    title: log ? 'paid, logarithmic' : 'paid',
    format: (value) => `$${formatTick(value, '$')}`,
  }
}

/** A gap of this factor cuts off what lies above it, where that is a quarter of the points at most. */
const gap = 10
const mostOff = 0.25

/** The values that one axis can show without squeezing them: all but the few far above the rest. */
export function withoutFarAbove(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b)
  const from = Math.ceil(sorted.length * (1 - mostOff))
  const cut = sorted.findIndex(
    (value, i) => i >= Math.max(1, from) && value >= gap * (sorted[i - 1] ?? value),
  )
  return cut < 0 ? sorted : sorted.slice(0, cut)
}

/**
 * p99, logarithmic. An objective more than ten times below or above all points is left out of it, and so are the few points far
 * above the rest: `max` is then below them.
 */
export function latencyAxis(
  all: readonly number[],
  objectiveP99Ms: number,
): TradeOffAxis & { holds: boolean } {
  const values = withoutFarAbove(all)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const holds = objectiveP99Ms >= low / 10 && objectiveP99Ms <= high * 10
  const range = logRange(holds ? [...values, objectiveP99Ms] : values)
  const seconds = range.max >= 10_000
  const format = (value: number) =>
    seconds ? `${formatNumber(value / 1_000)}\u202fs` : `${formatNumber(value)}\u202fms`
  return { ...range, log: true, title: 'p99', format, holds }
}

/** The settings in force in the order of the policies, numbered from 1. */
export const namedPoints = (points: readonly ParetoPoint[]): ParetoPoint[] =>
  REPLAY_POLICIES.flatMap((policy) => points.find((point) => point.inForce && point.policy === policy) ?? [])

/** Points for the chart, from cheap to dear; the key is the place in the report. What lies above `most` stands at its edge. */
export function chartPoints(points: readonly ParetoPoint[], most: number): TradeOffPoint[] {
  const named = namedPoints(points)
  return points
    .map((point, i): TradeOffPoint => {
      const mark = named.indexOf(point)
      return {
        key: String(i),
        x: point.paidCostUsd,
        y: Math.min(point.latencyP99Ms, most),
        above: point.latencyP99Ms > most,
        look: point.policy === 'infrasage' ? 'square' : isOptimum(point.policy) ? 'diamond' : 'circle',
        mark: mark < 0 ? null : mark + 1,
      }
    })
    .sort((a, b) => a.x - b.x || a.y - b.y)
}

/** "Fixed level, 50 %: p99 417 min". */
export const pointName = (point: ParetoPoint): string =>
  `${titleOf(point)}: p99 ${formatQuantity(point.latencyP99Ms, 'ms')}`

const titleOf = ({ policy, setting }: ParetoPoint): string =>
  setting ? `${REPLAY_POLICY_WORDS[policy].title}, ${setting}` : REPLAY_POLICY_WORDS[policy].title

/** "Kubernetes HPA, target 50 %: $40.68 paid, p99 449 s, 94.4 % late". */
export function pointWords(point: ParetoPoint): string {
  const { paidCostUsd, latencyP99Ms, violationShareDemand } = point
  const numbers = `${formatMoney(paidCostUsd)} paid, p99 ${formatQuantity(latencyP99Ms, 'ms')}, ${formatPercent(violationShareDemand, 1)} late`
  return `${titleOf(point)}: ${numbers}`
}
