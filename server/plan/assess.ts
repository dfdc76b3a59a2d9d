import { passProbability, quantileAt } from '../forecast/index.ts'
import type { Action, Assessment, Effect, PlanInput } from './contract.ts'
import { settledP99Ms } from './dynamics/latency.ts'
import { checkPolicy, isAllowed } from './policy.ts'
import { isStale, leadsInSpan } from './timing.ts'

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
  const policyResults = checkPolicy({
    actions,
    capacity: input.capacity,
    policy: input.policy,
    requiredSecurityTier: input.workload.requiredSecurityTier,
    telemetryStale: isStale(input),
  })
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
 * Risk is the probability that demand passes capacity at any lead of the span that the plan covers, from joint sample
 * paths where the forecast has them. Mean service time is taken as half the objective until telemetry tells it.
 */
function effectOf(input: PlanInput, toReplicas: number): Effect {
  const { capacity, workload, forecast } = input
  const { offering, domain } = capacity
  const current = capacity.desiredReplicas
  const change = toReplicas - current
  const span = leadsInSpan(input)
  const { levels, joint } = forecast
  const risk = (replicas: number) =>
    passProbability({ levels, leads: span, joint }, replicas * capacity.capacityPerReplica)
  const peak = Math.max(0, ...span.map(({ values }) => quantileAt(forecast.levels, values, 0.5)))
  const latency = (replicas: number) =>
    settledP99Ms(
      {
        capacityPerReplica: capacity.capacityPerReplica,
        serviceTimeSeconds: workload.objectiveP99Ms / 2_000,
        arrivalScv: 1,
        serviceScv: 1,
        sloP99Seconds: workload.objectiveP99Ms / 1_000,
      },
      peak,
      replicas,
    )
  const start = Date.parse(input.now)
  const readyAfter = (seconds: number) => new Date(start + (change > 0 ? seconds * 1_000 : 0)).toISOString()
  return {
    replicas: toReplicas,
    costPerHourUsd: toReplicas * offering.pricePerReplicaHourUsd,
    costChangePerHourUsd: change * offering.pricePerReplicaHourUsd,
    carbonChangeGPerHour: change * offering.powerKw * domain.carbonGPerKwh,
    sloRiskBefore: risk(current),
    sloRiskAfter: risk(toReplicas),
    latencyP99MsBefore: latency(current),
    latencyP99MsAfter: latency(toReplicas),
    readyAtP50: readyAfter(offering.leadTimeP50Seconds),
    readyAtP90: readyAfter(offering.leadTimeP90Seconds),
  }
}
