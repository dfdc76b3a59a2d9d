import type { PlanInput, PolicyResult, RuledPlan, RuleWorld } from '../contract.ts'
import { boundsOf } from '../judge.ts'
import { ruleBook } from '../rules/check.ts'
import { ruleWorldOf } from '../rules/of-input.ts'
import { sharedQuotas } from '../shared-quota.ts'

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
