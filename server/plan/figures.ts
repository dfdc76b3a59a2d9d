import { latencyAtPeak, riskOver } from './assess.ts'
import type { Action, PlanFigures, PlanInput, RulePool } from './contract.ts'
import { poolsOfInput } from './judge.ts'
import { placeOf, rulePoolOf } from './rules/of-input.ts'

/**
 * What actions on the input's pools come to, over all pools of the workload. Another pool's change counts as capacity of
 * the leading one; where it does, latency is left open, because the two need not serve alike.
 */
export function figuresOf(input: PlanInput): (actions: Action[]) => PlanFigures {
  const { workload } = input
  const pools = poolsOfInput(input).map((pool) => rulePoolOf(pool, workload.id, Date.parse(input.now)))
  return (actions) => {
    const levels = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
    const sum = (term: (pool: RulePool) => number) =>
      pools.reduce((total, pool) => total + (levels.get(pool.poolId) ?? pool.level) * term(pool), 0)
    const added = pools.reduce((total, pool) => {
      const change = (levels.get(pool.poolId) ?? pool.level) - pool.level
      return total + change * pool.capacity
    }, 0)
    const { capacity } = input
    const ownAlone = actions.every(({ poolId }) => poolId === capacity.poolId)
    return {
      levels: actions.map(({ poolId, fromReplicas, toReplicas }) => {
        const place = pools.find((one) => one.poolId === poolId)?.place ?? placeOf(capacity)
        return { poolId, place, fromReplicas, toReplicas }
      }),
      costPerHourUsd: sum(({ pricePerHourUsd }) => pricePerHourUsd),
      carbonGPerHour: sum(({ carbonGPerHour }) => carbonGPerHour),
      sloRisk: riskOver(input, capacity.desiredReplicas * capacity.capacityPerReplica + added),
      latencyP99Ms: ownAlone
        ? latencyAtPeak(input, levels.get(capacity.poolId) ?? capacity.desiredReplicas)
        : null,
    }
  }
}
