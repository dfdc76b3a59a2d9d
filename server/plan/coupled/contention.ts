import type { Action, CapacitySnapshot, PlanInput } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { levelLimits } from '../rules/limits.ts'
import { worldOfGroup } from '../safety/judge-group.ts'
import { quotaSharers } from '../shared-quota.ts'

/** A limit that pools of several workloads share: Σ coefficient · level ≤ limit. */
export type SharedLimit = { words: string; limit: number; coefficients: ReadonlyMap<string, number> }

/** Quotas and published limits that pools of more than one input take part in. */
export function sharedLimits(inputs: readonly PlanInput[]): SharedLimit[] {
  const owner = new Map(
    inputs.flatMap((input) => poolsOfInput(input).map(({ poolId }) => [poolId, input] as const)),
  )
  const isShared = (poolIds: Iterable<string>) => new Set([...poolIds].map((id) => owner.get(id))).size > 1
  return allLimits(inputs).filter(({ coefficients }) => isShared(coefficients.keys()))
}

/** Quotas of the offerings, and the published limits on levels; pools of others than the inputs count at their level. */
export function allLimits(inputs: readonly PlanInput[]): SharedLimit[] {
  const own = new Set(inputs.flatMap(poolsOfInput).map(({ poolId }) => poolId))
  return [...quotaLimits(inputs), ...ruleLimits(inputs, own)]
}

function quotaLimits(inputs: readonly PlanInput[]): SharedLimit[] {
  return quotaSharers(inputs).map((pools) => {
    const quota = pools[0]?.offering.quotaReplicas ?? 0
    return {
      words: `the quota of ${quota} ${pools[0]?.offering.hardwareClass} on ${pools[0]?.domain.name}`,
      limit: quota,
      coefficients: new Map(pools.map(({ poolId }) => [poolId, 1])),
    }
  })
}

function ruleLimits(inputs: readonly PlanInput[], own: ReadonlySet<string>): SharedLimit[] {
  const world = worldOfGroup(inputs)
  if (world === null) return []
  return levelLimits(world).flatMap((limit): SharedLimit[] => {
    if (limit.rule.enforcement === 'advisory') return []
    const elsewhere = world.pools
      .filter(({ poolId }) => !own.has(poolId))
      .reduce((sum, { poolId, level }) => sum + (limit.terms.get(poolId) ?? 0) * level, 0)
    const here = [...limit.terms].filter(([poolId]) => own.has(poolId))
    return [
      {
        words: `the rule ${limit.rule.name} (${limit.limitWords})`,
        limit: limit.limit - elsewhere,
        coefficients: new Map(here),
      },
    ]
  })
}

/**
 * Limits that plans made alone break when they are carried out side by side: every rise may come before every fall. What stands
 * already counts as allowed.
 */
export function contended(
  limits: readonly SharedLimit[],
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
): SharedLimit[] {
  const to = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const level = new Map(pools.map(({ poolId, desiredReplicas }) => [poolId, desiredReplicas]))
  return limits.filter(({ limit, coefficients }) => {
    let present = 0
    let worst = 0
    for (const [poolId, coefficient] of coefficients) {
      const now = level.get(poolId) ?? 0
      present += coefficient * now
      worst += Math.max(coefficient * now, coefficient * (to.get(poolId) ?? now))
    }
    return worst > Math.max(limit, present) + 1e-7 * Math.max(1, Math.abs(limit))
  })
}
