import type { CapacitySnapshot, PlanInput, PolicyResult, RuledPlan, RuleWorld } from '../contract.ts'
import { boundsOf, poolsOfInput } from '../judge.ts'
import { ruleBook } from '../rules/check.ts'
import { momentsOf } from '../rules/moments.ts'
import { ruleWorldOf } from '../rules/of-input.ts'

/**
 * All that a plan over several workloads is held against: the bounds of each one's policy, the quota of every offering
 * over all their pools, and the published rules, each at every moment of the stages.
 */
export function judgeOfGroup(inputs: readonly PlanInput[]): (plan: RuledPlan) => PolicyResult[] {
  const bounds = inputs.map(boundsOf)
  const world = worldOfGroup(inputs)
  const book = world && ruleBook(world)
  const quotas = sharedQuotas(inputs)
  return (plan) => [
    ...bounds.flatMap((judge) => judge(plan)),
    ...quotas.flatMap((judge) => judge(plan)),
    ...(book ? book(plan) : []),
  ]
}

/** The world of published rules with the pools and the demand of every input as the plan sees them; null where there are none. */
export function worldOfGroup(inputs: readonly PlanInput[]): RuleWorld | null {
  let world: RuleWorld | null = null
  for (const input of inputs) {
    const known: RuleWorld | undefined = world ?? input.rules
    if (known === undefined) continue
    const spanSeconds: number = world?.spanSeconds ?? 0
    const next = ruleWorldOf({ ...input, rules: known })
    world = next && { ...next, spanSeconds: Math.max(spanSeconds, next.spanSeconds) }
  }
  return world
}

/** Pools at one offering share its quota; that of a pool alone is a bound of its own workload. */
function sharedQuotas(inputs: readonly PlanInput[]): ((plan: RuledPlan) => PolicyResult[])[] {
  return quotaSharers(inputs)
    .filter((pools) => pools.length > 1)
    .map(quotaOver)
}

/** Pools by the quota that they take of: that of their offering, nodes and the replicas on them each by themselves; a size takes none. */
export function quotaSharers(inputs: readonly PlanInput[]): CapacitySnapshot[][] {
  const counted = inputs.flatMap(poolsOfInput).filter(({ control }) => control !== 'size')
  return [
    ...Map.groupBy(counted, ({ offering, heldBy }) => `${offering.id} ${heldBy ? 'held' : ''}`).values(),
  ]
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
