import type { PlanInput } from '../contract.ts'
import { levelLimits } from '../rules/limits.ts'
import { worldOfGroup } from '../safety/judge-group.ts'
import { ruleValue, standing } from './cost.ts'
import type { AllocationProblem, Rule, RuleTerm } from './problem.ts'
import type { WorkloadModel } from './workload-model.ts'

/** A pool's place in a programme. */
type Place = { member: number; choice: number; offeringId: string; level: number }

/**
 * Workloads under the rules that they share: quotas of the offerings and the limits that are published. What no choice
 * stands for counts at its present level.
 */
export function joined(models: readonly WorkloadModel[], inputs: readonly PlanInput[]): AllocationProblem {
  const places = new Map<string, Place>()
  for (const [member, { pools }] of models.entries()) {
    for (const [choice, { poolId, offering, desiredReplicas }] of pools.entries())
      places.set(poolId, { member, choice, offeringId: offering.id, level: desiredReplicas })
  }
  const own = models.flatMap(({ rules }, member) =>
    rules.map(({ coefficients, ...rule }): Rule => {
      const terms = coefficients.map((coefficient, choice) => ({ member, choice, coefficient }))
      return { ...rule, terms: terms.filter(({ coefficient }) => coefficient !== 0) }
    }),
  )
  const rules = [...own, ...quotas(models, places), ...published(inputs, places)]
  return { members: models.map(({ member }) => member), rules: rules.filter(({ terms }) => terms.length > 0) }
}

function quotas(models: readonly WorkloadModel[], places: ReadonlyMap<string, Place>): Rule[] {
  const pools = models.flatMap((model) => model.pools)
  return [...Map.groupBy(pools, ({ offering }) => offering.id).values()].flatMap((sharing): Rule[] => {
    const [first] = sharing
    if (first === undefined || sharing.length < 2) return []
    const { quotaReplicas, hardwareClass } = first.offering
    const words = `the quota of ${quotaReplicas} ${hardwareClass} on ${first.domain.name}`
    return [
      {
        words,
        lower: Number.NEGATIVE_INFINITY,
        upper: quotaReplicas,
        terms: termsOf(sharing, places, () => 1),
      },
    ]
  })
}

function published(inputs: readonly PlanInput[], places: ReadonlyMap<string, Place>): Rule[] {
  const world = worldOfGroup(inputs)
  if (world === null) return []
  return levelLimits(world).flatMap((limit): Rule[] => {
    if (limit.rule.enforcement === 'advisory') return []
    const elsewhere = world.pools
      .filter(({ poolId }) => !places.has(poolId))
      .reduce((sum, { poolId, level }) => sum + (limit.terms.get(poolId) ?? 0) * level, 0)
    const here = [...limit.terms.keys()].map((poolId) => ({ poolId }))
    const terms = termsOf(here, places, ({ poolId }) => limit.terms.get(poolId) ?? 0)
    const words = `the rule ${limit.rule.name} (${limit.limitWords})`
    return [
      { words, lower: Number.NEGATIVE_INFINITY, upper: limit.limit - limit.constant - elsewhere, terms },
    ]
  })
}

function termsOf<P extends { poolId: string }>(
  pools: readonly P[],
  places: ReadonlyMap<string, Place>,
  coefficient: (pool: P) => number,
): RuleTerm[] {
  return pools.flatMap((pool): RuleTerm[] => {
    const place = places.get(pool.poolId)
    const value = coefficient(pool)
    return place === undefined || value === 0
      ? []
      : [{ member: place.member, choice: place.choice, coefficient: value }]
  })
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
