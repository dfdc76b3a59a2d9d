import type { LeadForecast } from '../../forecast/contract.ts'
import { pathPeaks } from '../../forecast/index.ts'
import { type CapacitySnapshot, type PlanInput, serves } from '../contract.ts'
import { spotCost } from '../models/spot.ts'
import { effectiveLeadSeconds, leadsAhead, planningSpanSeconds } from '../timing.ts'
import type { DemandCase } from './problem.ts'

/** Periods that differ in what is ready; longer leads count as the next of these. */
const maxReadyTimes = 3

/** Points that the sampled peaks of a period are summed up to; finer towards the tail, where levels are decided. */
const binEdges = [
  ...Array.from({ length: 8 }, (_, i) => i / 16),
  ...Array.from({ length: 8 }, (_, i) => 0.5 + i / 20),
  ...Array.from({ length: 16 }, (_, i) => 0.9 + i / 160),
  1,
]

/** Order to ready of one pool, people included: its lead time (p90) and what is left for approval. */
export function readySeconds(input: PlanInput, pool: CapacitySnapshot): number {
  const approval = effectiveLeadSeconds(input) - input.capacity.offering.leadTimeP90Seconds
  return approval + pool.offering.leadTimeP90Seconds
}

/** From now until the slowest pool that serves would be ready and what is added has stood for the hold. */
export function coupledSpanSeconds(input: PlanInput, pools: readonly CapacitySnapshot[]): number {
  const hold = planningSpanSeconds(input) - effectiveLeadSeconds(input)
  return hold + Math.max(...pools.filter(serves).map((pool) => readySeconds(input, pool)))
}

/**
 * The cases that a workload's demand is met in; in each, the sampled paths of the forecast count by their peak. Where
 * capacity may only grow, periods end where another pool could be ready, so that what comes too late does not count. Where it moves, what
 * is given up stands until its replacement does, so there is one period, from the first moment at which anything could be ready. In
 * the last, a spot pool may also be gone as a whole, for as long as its interruptions take to be made good. Weights are
 * USD per unit short and hour, and sum to the penalty.
 */
export function demandCases(
  input: PlanInput,
  pools: readonly CapacitySnapshot[],
  penaltyUsd: number,
  growsOnly: boolean,
): DemandCase[] {
  const times = readyTimes(input, pools)
  const periods = periodsOf(input, pools, growsOnly ? times : times.slice(0, 1))
  const all = periods.reduce((sum, { leads }) => sum + leads.length, 0)
  const { levels, joint } = input.forecast
  return periods.flatMap(({ leads, from }, p) => {
    const share = leads.length / all
    const points = binned(pathPeaks({ levels, leads, joint }))
    const losses = p === periods.length - 1 ? lossesOf(pools) : []
    const whole = 1 - losses.reduce((sum, { probability }) => sum + probability, 0)
    return [{ lost: -1, probability: whole }, ...losses].map(({ lost, probability }): DemandCase => {
      const units = (i: number) => (i === lost ? 0 : unitsOf(pools[i]))
      const inTime = (pool: CapacitySnapshot) => !growsOnly || readySeconds(input, pool) <= from
      return {
        kept: Float64Array.from(pools, (_, i) => units(i)),
        added: Float64Array.from(pools, (pool, i) => (inTime(pool) ? units(i) : 0)),
        demands: points.demands,
        weights: points.masses.map((mass) => mass * penaltyUsd * share * probability),
      }
    })
  })
}

function unitsOf(pool: CapacitySnapshot | undefined): number {
  return pool !== undefined && serves(pool) ? pool.capacityPerReplica : 0
}

type Period = { from: number; leads: LeadForecast[] }

/** Leads of the span by the time from which they see new capacity; those before the first of the times see none. */
function periodsOf(input: PlanInput, pools: readonly CapacitySnapshot[], times: readonly number[]): Period[] {
  const now = Date.parse(input.now)
  const ahead = leadsAhead(input)
  const after = ({ at }: LeadForecast) => (Date.parse(at) - now) / 1_000
  const end = coupledSpanSeconds(input, pools)
  const periods = times.map((from, p) => {
    const to = times[p + 1] ?? Number.POSITIVE_INFINITY
    return {
      from,
      leads: ahead.filter((lead) => after(lead) >= from && after(lead) < to && after(lead) <= end),
    }
  })
  const filled = periods.filter(({ leads }) => leads.length > 0)
  const last = ahead.at(-1)
  // A horizon that ends before anything could be ready: its last lead stands for what follows.
  return filled.length > 0 || last === undefined ? filled : [{ from: times.at(-1) ?? 0, leads: [last] }]
}

/** When the pools could be ready, at most so many times; what lies between two of them counts from the later one. */
function readyTimes(input: PlanInput, pools: readonly CapacitySnapshot[]): number[] {
  const all = [...new Set(pools.filter(serves).map((pool) => readySeconds(input, pool)))].sort(
    (a, b) => a - b,
  )
  if (all.length <= maxReadyTimes) return all
  const step = (all.length - 1) / (maxReadyTimes - 1)
  return Array.from({ length: maxReadyTimes }, (_, i) => all[Math.round(i * step)] ?? 0)
}

/** Pools that may be reclaimed, and the share of time that each is gone. Two at once are left out. */
function lossesOf(pools: readonly CapacitySnapshot[]): { lost: number; probability: number }[] {
  const losses = pools.flatMap((pool, lost) => {
    const { market, interruptionRatePerHour = 0, pricePerReplicaHourUsd, leadTimeP50Seconds } = pool.offering
    if (market !== 'spot' || interruptionRatePerHour <= 0) return []
    const { shortShare } = spotCost({
      pricePerReplicaHourUsd,
      interruptionRatePerHour,
      reworkSeconds: 0,
      leadTimeSeconds: leadTimeP50Seconds,
    })
    return [{ lost, probability: shortShare }]
  })
  const all = losses.reduce((sum, { probability }) => sum + probability, 0)
  return all <= 0.5
    ? losses
    : losses.map((loss) => ({ ...loss, probability: (0.5 * loss.probability) / all }))
}

/** Means of the sorted samples within each bin, which keeps the mean and never overstates what is short. */
function binned(samples: Float64Array): { demands: Float64Array; masses: Float64Array } {
  const sorted = samples.slice().sort()
  if (sorted.length <= binEdges.length) {
    return { demands: sorted, masses: new Float64Array(sorted.length).fill(1 / sorted.length) }
  }
  const demands: number[] = []
  const masses: number[] = []
  for (let b = 0; b + 1 < binEdges.length; b++) {
    const from = Math.round((binEdges[b] ?? 0) * sorted.length)
    const to = Math.round((binEdges[b + 1] ?? 1) * sorted.length)
    if (to <= from) continue
    const bin = sorted.subarray(from, to)
    demands.push(bin.reduce((sum, value) => sum + value, 0) / bin.length)
    masses.push(bin.length / sorted.length)
  }
  return { demands: Float64Array.from(demands), masses: Float64Array.from(masses) }
}
