import type { LeadForecast } from '../forecast/contract.ts'
import { listedPriceUsd, type PlanInput } from './contract.ts'
import { advisedLevel } from './controller/advised-level.ts'
import { highestQuantile, replicasFor } from './controller/quantile-replicas.ts'
import { leadsInSpan } from './timing.ts'

/** Quantiles that a cheaper and a safer plan would serve. */
export const lessQuantile = 0.75
export const moreQuantile = 0.99

/** Critical fractile of the newsvendor: serve demand up to the 1 − κ/p quantile. */
export function servedQuantile({ policy }: PlanInput): number {
  return 1 - 1 / policy.penaltyRatio
}

export type BaseStock = {
  /** Replicas that the quantile, or the controller in its place, asks for, before any bound. */
  wanted: number
  /** Whether the controller asks for another level than the quantile. */
  advised: boolean
  /** Within bounds, step, cost and quota; equal to the present level where nothing is allowed. */
  level: number
  demandAtQuantile: number
  /** The bounds that cut the wanted level, in words. */
  cuts: string[]
}

/**
 * The level for a rise: the served quantile at its highest over the planning span, or what the controller of the pool asks
 * for once it has seen enough.
 */
export function levelUp(input: PlanInput): BaseStock {
  const { capacity, workload, controller = null } = input
  const demand = demandAt(input, leadsInSpan(input), servedQuantile(input))
  const wanted = replicasFor(demand, capacity.capacityPerReplica)
  const [less, more] = [replicasAt(input, lessQuantile), replicasAt(input, moreQuantile)]
  const asked = advisedLevel({ wanted, less, more, stepSeconds: workload.stepSeconds }, controller)
  return { ...bounded(input, asked ?? wanted, 'up', demand), advised: asked !== null && asked !== wanted }
}

/** Replicas that a quantile of demand asks for at its highest over the planning span. */
export function replicasAt(input: PlanInput, quantile: number): number {
  return replicasFor(demandAt(input, leadsInSpan(input), quantile), input.capacity.capacityPerReplica)
}

/**
 * The level for a fall: what the whole horizon needs, so that what is given back is not asked for at once; with and
 * without a team's own forecaster, so that one forged source takes nothing away.
 */
export function levelDown(input: PlanInput): BaseStock {
  const { leads, own = [] } = input.forecast
  const demand = demandAt(input, [...leads, ...own], servedQuantile(input))
  return bounded(input, replicasFor(demand, input.capacity.capacityPerReplica), 'down', demand)
}

/** A level that somebody else asks for, held to the same bounds. */
export function levelAsked(input: PlanInput, replicas: number): BaseStock {
  const { capacity } = input
  const direction = replicas < capacity.desiredReplicas ? 'down' : 'up'
  return bounded(input, replicas, direction, replicas * capacity.capacityPerReplica)
}

function demandAt(input: PlanInput, leads: LeadForecast[], quantile: number): number {
  const values = leads.map((lead) => lead.values)
  return highestQuantile(input.forecast.levels, values, quantile)
}

function bounded(
  input: PlanInput,
  wanted: number,
  direction: 'up' | 'down',
  demandAtQuantile: number,
): BaseStock {
  const { capacity, policy } = input
  const { offering, desiredReplicas: current } = capacity
  const cuts: string[] = []
  let level = wanted
  const atMost = (limit: number, words: string) => {
    if (level > limit) cuts.push(words)
    level = Math.min(level, limit)
  }
  const atLeast = (limit: number, words: string) => {
    if (level < limit) cuts.push(words)
    level = Math.max(level, limit)
  }
  atLeast(policy.minReplicas, `the minimum of ${policy.minReplicas}`)
  atMost(policy.maxReplicas, `the maximum of ${policy.maxReplicas}`)
  if (direction === 'up') {
    const affordable = Math.floor(policy.costLimitPerHourUsd / listedPriceUsd(capacity) + 1e-9)
    atMost(
      affordable,
      `the cost limit of $${policy.costLimitPerHourUsd.toFixed(2)}/h (${affordable} replicas)`,
    )
    atMost(offering.quotaReplicas, `the quota of ${offering.quotaReplicas} ${offering.hardwareClass}`)
    atMost(current + policy.maxStepUp, `the step limit of +${policy.maxStepUp}`)
  } else {
    atLeast(current - policy.maxStepDown, `the step limit of −${policy.maxStepDown}`)
  }
  return { wanted, advised: false, level, demandAtQuantile, cuts }
}
