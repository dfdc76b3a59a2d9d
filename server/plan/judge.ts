import type { CapacitySnapshot, PlanInput, PolicyResult, RuledPlan } from './contract.ts'
import { checkPolicy } from './policy.ts'
import { ruleBook } from './rules/check.ts'
import { ruleWorldOf } from './rules/of-input.ts'
import { isStale } from './timing.ts'

/** All that a plan of this input is held against: the bounds of the workload's policy, then the published rules. */
export function judgeOf(input: PlanInput): (plan: RuledPlan) => PolicyResult[] {
  const { policy, workload } = input
  const pools = new Map(poolsOfInput(input).map((pool) => [pool.poolId, pool]))
  const world = ruleWorldOf(input)
  const book = world && ruleBook(world)
  const telemetryStale = isStale(input)
  return (plan) => [
    ...plan.actions.flatMap((action) => {
      const capacity = pools.get(action.poolId) ?? input.capacity
      return checkPolicy({
        actions: [action],
        capacity,
        policy,
        requiredSecurityTier: workload.requiredSecurityTier,
        telemetryStale,
      })
    }),
    ...(book ? book(plan) : []),
  ]
}

/** The leading pool and the others that stand by. */
export function poolsOfInput({ capacity, otherPools }: PlanInput): CapacitySnapshot[] {
  return [capacity, ...otherPools]
}
