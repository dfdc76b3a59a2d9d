import type { LeadForecast } from '../forecast/contract.ts'
import type { PlanInput } from './contract.ts'
import { highestQuantile, replicasFor } from './controller/quantile-replicas.ts'
import { leadsInSpan } from './timing.ts'

/** Critical fractile of the newsvendor: serve demand up to the 1 − κ/p quantile. */
export function servedQuantile({ policy }: PlanInput): number {
  return 1 - 1 / policy.penaltyRatio
}

export type BaseStock = {
  /** Replicas that the quantile asks for, before any bound. */
  wanted: number
  /** Within bounds, step, cost and quota; equal to the present level where nothing is allowed. */
  level: number
  demandAtQuantile: number
  /** The bounds that cut the wanted level, in words. */
  cuts: string[]
}

/** The level for a rise: the served quantile at its highest over the planning span. */
export function levelUp(input: PlanInput): BaseStock {
  return bounded(input, demandAt(input, leadsInSpan(input)), 'up')
}

/**
 * The level for a fall: what the whole horizon needs, so that what is given back is not asked for at once; with and
 * without a team's own forecaster, so that one forged source takes nothing away.
 */
export function levelDown(input: PlanInput): BaseStock {
  const { leads, own = [] } = input.forecast
  return bounded(input, demandAt(input, [...leads, ...own]), 'down')
}

/** A level that somebody else asks for, held to the same bounds. */
export function levelAsked(input: PlanInput, replicas: number): BaseStock {
  const { capacity } = input
  const direction = replicas < capacity.desiredReplicas ? 'down' : 'up'
  return bounded(input, replicas * capacity.capacityPerReplica, direction)
}

function demandAt(input: PlanInput, leads: LeadForecast[]): number {
  const values = leads.map((lead) => lead.values)
  return highestQuantile(input.forecast.levels, values, servedQuantile(input))
}

function bounded(input: PlanInput, demandAtQuantile: number, direction: 'up' | 'down'): BaseStock {
  const { capacity, policy } = input
  const { offering, desiredReplicas: current } = capacity
  const wanted = replicasFor(demandAtQuantile, capacity.capacityPerReplica)
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
    const affordable = Math.floor(policy.costLimitPerHourUsd / offering.pricePerReplicaHourUsd + 1e-9)
    atMost(
      affordable,
      `the cost limit of $${policy.costLimitPerHourUsd.toFixed(2)}/h (${affordable} replicas)`,
    )
    atMost(offering.quotaReplicas, `the quota of ${offering.quotaReplicas} ${offering.hardwareClass}`)
    atMost(current + policy.maxStepUp, `the step limit of +${policy.maxStepUp}`)
  } else {
    atLeast(current - policy.maxStepDown, `the step limit of −${policy.maxStepDown}`)
  }
  return { wanted, level, demandAtQuantile, cuts }
}
