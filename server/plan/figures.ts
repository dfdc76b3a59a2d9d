import { latencyAtPeak, riskOver } from './assess.ts'
import type { Action, PlanFigures, PlanInput } from './contract.ts'
import { poolsOf } from './judge.ts'
import { placeOf } from './rules/of-input.ts'

/**
 * What actions on the input's pools come to, over all pools of the workload. Another pool's change counts as capacity of
 * the leading one; where it does, latency is left open, because the two need not serve alike.
 */
export function figuresOf(input: PlanInput): (actions: Action[]) => PlanFigures {
  const pools = poolsOf(input)
  return (actions) => {
    const levels = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
    const sum = (term: (pool: (typeof pools)[number]) => number) =>
      pools.reduce((total, pool) => total + (levels.get(pool.poolId) ?? pool.desiredReplicas) * term(pool), 0)
    const added = pools.reduce((total, pool) => {
      const change = (levels.get(pool.poolId) ?? pool.desiredReplicas) - pool.desiredReplicas
      return total + change * pool.capacityPerReplica
    }, 0)
    const { capacity } = input
    const ownAlone = actions.every(({ poolId }) => poolId === capacity.poolId)
    return {
      levels: actions.map(({ poolId, fromReplicas, toReplicas }) => {
        const pool = pools.find((one) => one.poolId === poolId) ?? capacity
        return { poolId, place: placeOf(pool), fromReplicas, toReplicas }
      }),
      costPerHourUsd: sum(({ offering }) => offering.pricePerReplicaHourUsd),
      carbonGPerHour: sum(({ offering, domain }) => offering.powerKw * domain.carbonGPerKwh),
      sloRisk: riskOver(input, capacity.desiredReplicas * capacity.capacityPerReplica + added),
      latencyP99Ms: ownAlone
        ? latencyAtPeak(input, levels.get(capacity.poolId) ?? capacity.desiredReplicas)
        : null,
    }
  }
}
