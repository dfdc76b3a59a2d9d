import type { CapacitySnapshot, PlanInput, PolicyResult, RuledPlan } from './contract.ts'
import { checkPolicy } from './policy.ts'
import { ruleBook } from './rules/check.ts'
import { ruleWorldOf } from './rules/of-input.ts'
import { sharedQuotas } from './shared-quota.ts'
import { isStale } from './timing.ts'

/** All that a plan of this input is held against: the bounds of the workload's policy, quotas that others share, then the published rules. */
export function judgeOf(input: PlanInput): (plan: RuledPlan) => PolicyResult[] {
  const bounds = boundsOf(input)
  const quotas = sharedQuotas([input])
  const world = ruleWorldOf(input)
  const book = world && ruleBook(world)
  return (plan) => [...bounds(plan), ...quotas.flatMap((judge) => judge(plan)), ...(book ? book(plan) : [])]
}

/** The bounds of the workload's own policy. */
export function boundsOf(input: PlanInput): (plan: RuledPlan) => PolicyResult[] {
  const { policy, workload } = input
  const pools = poolsOfInput(input)
  const telemetryStale = isStale(input)
  return ({ actions }) =>
    checkPolicy({
      actions,
      pools,
      policy,
      requiredSecurityTier: workload.requiredSecurityTier,
      telemetryStale,
    })
}

/** The leading pool and the others that stand by. */
export function poolsOfInput({ capacity, otherPools }: PlanInput): CapacitySnapshot[] {
  return [capacity, ...otherPools]
}
