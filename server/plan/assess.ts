import { passProbability, quantileAt } from '../forecast/index.ts'
import type { Action, Assessment, Effect, PlanInput } from './contract.ts'
import { settledP99Ms } from './dynamics/latency.ts'
import { judgeOf } from './judge.ts'
import { isAllowed } from './policy.ts'
import { leadsInSpan } from './timing.ts'

/** The set-point `toReplicas` as an action on the input's pool. */
export function scaleAction({ capacity }: PlanInput, toReplicas: number): Action {
  return {
    kind: 'scale',
    poolId: capacity.poolId,
    targetId: capacity.targetId,
    targetName: capacity.targetName,
    domainName: capacity.domain.name,
    region: capacity.domain.region,
    hardwareClass: capacity.offering.hardwareClass,
    fromReplicas: capacity.desiredReplicas,
    toReplicas,
  }
}

/** What a set-point costs and does, how sure that is, and every rule held against it. */
export function assess(input: PlanInput, toReplicas: number): Assessment {
  const actions = toReplicas === input.capacity.desiredReplicas ? [] : [scaleAction(input, toReplicas)]
  const effect = effectOf(input, toReplicas)
  const policyResults = judgeOf(input)({ actions })
  const falling = toReplicas < input.capacity.desiredReplicas
  return {
    actions,
    effect,
    policyResults,
    confidence: falling ? 1 - effect.sloRiskAfter : effect.sloRiskBefore,
    allowed: isAllowed(policyResults),
  }
}

/**
 * The probability that demand passes a capacity at any lead of the span that the plan covers, from joint sample paths
 * where the forecast has them.
 */
export function riskOver(input: PlanInput, capacity: number): number {
  const { levels, joint } = input.forecast
  return passProbability({ levels, leads: leadsInSpan(input), joint }, capacity)
}

/**
 * p99 at the peak of the median forecast; null where the queue would not settle. Mean service time is taken as half the
 * objective until telemetry tells it.
 */
export function latencyAtPeak(input: PlanInput, replicas: number): number | null {
  const { capacity, workload, forecast } = input
  const medians = leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, 0.5))
  return settledP99Ms(
    {
      capacityPerReplica: capacity.capacityPerReplica,
      serviceTimeSeconds: workload.objectiveP99Ms / 2_000,
      arrivalScv: 1,
      serviceScv: 1,
      sloP99Seconds: workload.objectiveP99Ms / 1_000,
    },
    Math.max(0, ...medians),
    replicas,
  )
}

function effectOf(input: PlanInput, toReplicas: number): Effect {
  const { capacity } = input
  const { offering, domain } = capacity
  const current = capacity.desiredReplicas
  const change = toReplicas - current
  const risk = (replicas: number) => riskOver(input, replicas * capacity.capacityPerReplica)
  const start = Date.parse(input.now)
  const readyAfter = (seconds: number) => new Date(start + (change > 0 ? seconds * 1_000 : 0)).toISOString()
  return {
    replicas: toReplicas,
    costPerHourUsd: toReplicas * offering.pricePerReplicaHourUsd,
    costChangePerHourUsd: change * offering.pricePerReplicaHourUsd,
    carbonChangeGPerHour: change * offering.powerKw * domain.carbonGPerKwh,
    sloRiskBefore: risk(current),
    sloRiskAfter: risk(toReplicas),
    latencyP99MsBefore: latencyAtPeak(input, current),
    latencyP99MsAfter: latencyAtPeak(input, toReplicas),
    readyAtP50: readyAfter(offering.leadTimeP50Seconds),
    readyAtP90: readyAfter(offering.leadTimeP90Seconds),
  }
}
