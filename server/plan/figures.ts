import { latencyAtPeak, riskOver } from './assess.ts'
import {
  type Action,
  type CapacitySnapshot,
  type PlanFigures,
  type PlanInput,
  paidSteps,
} from './contract.ts'
import { poolsOfInput } from './judge.ts'
import { meanCarbonGPerKwh, meanPriceUsd } from './models/price.ts'
import { levelsOf, rulePoolOf } from './rules/of-input.ts'
import { planningSpanSeconds } from './timing.ts'

/**
 * What actions come to: money and carbon over all pools of the input and of the others, by the prices and the power mix of
 * the span that the plan covers; risk and latency of the input's own workload, over all of its pools that serve, in
 * replicas of the leading one.
 */
export function figuresOf(
  input: PlanInput,
  others: readonly PlanInput[] = [],
): (actions: Action[]) => PlanFigures {
  const start = Date.parse(input.now)
  const span = planningSpanSeconds(input)
  const own = poolsOfInput(input)
  const all = [...own, ...others.flatMap(poolsOfInput)]
  const served = new Map(
    own.map((pool) => [pool.poolId, rulePoolOf(pool, input.workload.id, start).capacity]),
  )
  return (actions) => {
    const after = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
    const levelOf = ({ poolId, desiredReplicas }: CapacitySnapshot) => after.get(poolId) ?? desiredReplicas
    const paid = (term: (pool: CapacitySnapshot) => number) =>
      all.reduce((total, pool) => total + paidSteps(pool, levelOf(pool)) * term(pool), 0)
    const capacity = own.reduce((total, pool) => total + levelOf(pool) * (served.get(pool.poolId) ?? 0), 0)
    return {
      levels: levelsOf(all, actions),
      costPerHourUsd: paid(({ offering }) => meanPriceUsd(offering, start, span)),
      carbonGPerHour: paid(
        ({ offering, domain }) => offering.powerKw * meanCarbonGPerKwh(domain, start, span),
      ),
      sloRisk: riskOver(input, capacity),
      latencyP99Ms: latencyAtPeak(input, Math.floor(capacity / input.capacity.capacityPerReplica + 1e-9)),
    }
  }
}
