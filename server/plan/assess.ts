import { passProbability, quantileAt } from '../forecast/index.ts'
import { type Action, type Assessment, type Effect, type PlanInput, paidOf } from './contract.ts'
import { judgeOf } from './judge.ts'
import { meanCarbonGPerKwh, meanPriceUsd } from './models/price.ts'
import { modelP99Ms, queueP99Ms } from './models/queue.ts'
import { isAllowed } from './policy.ts'
import { leadsInSpan, planningSpanSeconds } from './timing.ts'

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
 * p99 at the peak of the median forecast; null where the queue would not settle. By the pool's model where it has one;
 * else mean service time is taken as half the objective.
 */
export function latencyAtPeak(input: PlanInput, replicas: number): number | null {
  const { capacity, workload, forecast } = input
  const medians = leadsInSpan(input).map(({ values }) => quantileAt(forecast.levels, values, 0.5))
  const peak = Math.max(0, ...medians)
  if (capacity.model) return modelP99Ms(capacity.model, peak, replicas)
  const { capacityPerReplica } = capacity
  const serviceSeconds = workload.objectiveP99Ms / 2_000
  const unloadedP99Ms = serviceSeconds * 1_000
  return queueP99Ms({ capacityPerReplica, serviceSeconds, unloadedP99Ms, variability: 1 }, peak, replicas)
}

/** Money and carbon by the prices and the power mix of the span that the plan covers. */
function effectOf(input: PlanInput, toReplicas: number): Effect {
  const { capacity } = input
  const { offering, domain } = capacity
  const current = capacity.desiredReplicas
  const change = toReplicas - current
  const risk = (replicas: number) => riskOver(input, replicas * capacity.capacityPerReplica)
  const start = Date.parse(input.now)
  const span = planningSpanSeconds(input)
  const { share } = paidOf(capacity)
  const price = meanPriceUsd(offering, start, span) * share
  const readyAfter = (seconds: number) => new Date(start + (change > 0 ? seconds * 1_000 : 0)).toISOString()
  return {
    replicas: toReplicas,
    costPerHourUsd: toReplicas * price,
    costChangePerHourUsd: change * price,
    carbonChangeGPerHour: change * share * offering.powerKw * meanCarbonGPerKwh(domain, start, span),
    sloRiskBefore: risk(current),
    sloRiskAfter: risk(toReplicas),
    latencyP99MsBefore: latencyAtPeak(input, current),
    latencyP99MsAfter: latencyAtPeak(input, toReplicas),
    readyAtP50: readyAfter(offering.leadTimeP50Seconds),
    readyAtP90: readyAfter(offering.leadTimeP90Seconds),
  }
}
