import type { CapacitySnapshot, PlanInput, PolicyResult, RuledPlan } from './contract.ts'
import { momentsOf } from './rules/moments.ts'

/**
 * Pools at one offering share its quota, those of workloads that are no input too; that of a pool alone is a bound of its own
 * workload.
 */
export function sharedQuotas(inputs: readonly PlanInput[]): ((plan: RuledPlan) => PolicyResult[])[] {
  const own = byQuota(poolsOf(inputs))
  const known = new Set(poolsOf(inputs).map(({ poolId }) => poolId))
  const strangers = new Map(inputs.flatMap(({ beside = [] }) => beside.map((pool) => [pool.poolId, pool])))
  const elsewhere = byQuota([...strangers.values()].filter(({ poolId }) => !known.has(poolId)))
  return [...own]
    .map(([quota, pools]) => [...pools, ...(elsewhere.get(quota) ?? [])])
    .filter((pools) => pools.length > 1)
    .map(quotaOver)
}

/** Pools of the inputs by the quota that they take of. */
export function quotaSharers(inputs: readonly PlanInput[]): CapacitySnapshot[][] {
  return [...byQuota(poolsOf(inputs)).values()]
}

/** A quota is that of an offering, for nodes and for the replicas on them each by themselves; a size takes none. */
function byQuota(pools: readonly CapacitySnapshot[]): Map<string, CapacitySnapshot[]> {
  const counted = pools.filter(({ control }) => control !== 'size')
  return Map.groupBy(counted, ({ offering, heldBy }) => `${offering.id} ${heldBy ? 'held' : ''}`)
}

function poolsOf(inputs: readonly PlanInput[]): CapacitySnapshot[] {
  return inputs.flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
}

function quotaOver(pools: CapacitySnapshot[]): (plan: RuledPlan) => PolicyResult[] {
  const present = pools.reduce((sum, { desiredReplicas }) => sum + desiredReplicas, 0)
  const ids = new Set(pools.map(({ poolId }) => poolId))
  const [first] = pools
  return ({ actions }) => {
    if (first === undefined || !actions.some(({ poolId }) => ids.has(poolId))) return []
    const most = Math.max(
      ...momentsOf(actions).ranges.map((range) =>
        pools.reduce((sum, pool) => sum + (range.get(pool.poolId)?.high ?? pool.desiredReplicas), 0),
      ),
    )
    const { quotaReplicas, hardwareClass } = first.offering
    const passed = most <= Math.max(quotaReplicas, present)
    const limit = `quota of ${quotaReplicas} ${hardwareClass} on ${first.domain.name} for ${pools.length} pools`
    const actual = `${most} replicas at once`
    const message = passed ? `Quota: ${actual}, ${limit}.` : `Quota: ${actual} breaks the bound: ${limit}.`
    return [{ rule: 'quota', enforcement: 'hard-mandatory', passed, limit, actual, message }]
  }
}
