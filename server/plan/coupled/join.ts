import type { PlanInput } from '../contract.ts'
import { allLimits } from './contention.ts'
import { ruleValue, standing } from './cost.ts'
import type { AllocationProblem, Rule, RuleTerm } from './problem.ts'
import type { WorkloadModel } from './workload-model.ts'

/**
 * Workloads under the rules that they share: quotas of the offerings and the limits that are published. What no choice
 * stands for counts at its present level.
 */
export function joined(models: readonly WorkloadModel[], inputs: readonly PlanInput[]): AllocationProblem {
  const places = new Map<string, Omit<RuleTerm, 'coefficient'>>()
  const levels = new Map<string, number>()
  for (const [member, { pools }] of models.entries()) {
    for (const [choice, { poolId }] of pools.entries()) places.set(poolId, { member, choice })
  }
  for (const { capacity, otherPools } of inputs) {
    for (const { poolId, desiredReplicas } of [capacity, ...otherPools]) levels.set(poolId, desiredReplicas)
  }
  const own = models.flatMap(({ rules }, member) =>
    rules.map(({ coefficients, ...rule }): Rule => {
      const terms = coefficients.map((coefficient, choice) => ({ member, choice, coefficient }))
      return { ...rule, terms: terms.filter(({ coefficient }) => coefficient !== 0) }
    }),
  )
  const shared = allLimits(inputs).map(({ words, limit, coefficients }): Rule => {
    const terms: RuleTerm[] = []
    let upper = limit
    for (const [poolId, coefficient] of coefficients) {
      const place = places.get(poolId)
      if (place === undefined) upper -= coefficient * (levels.get(poolId) ?? 0)
      else if (coefficient !== 0) terms.push({ ...place, coefficient })
    }
    return { words, lower: Number.NEGATIVE_INFINITY, upper, terms }
  })
  const rules = [...own, ...shared].filter(({ terms }) => terms.length > 0)
  return { members: models.map(({ member }) => member), rules }
}

/** The same programme with every rule wide enough for what stands: nothing that is broken gets worse, and a plan exists. */
export function relaxed(problem: AllocationProblem): AllocationProblem {
  const now = standing(problem)
  const rules = problem.rules.map((rule) => {
    const value = ruleValue(rule, now)
    return { ...rule, lower: Math.min(rule.lower, value), upper: Math.max(rule.upper, value) }
  })
  return { ...problem, rules }
}
