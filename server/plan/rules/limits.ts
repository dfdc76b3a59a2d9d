import type { Rule, RulePool, RuleWorkload, RuleWorld } from '../contract.ts'
import { type MonthSpan, monthsOf } from './month.ts'
import { groupsOf, type LimitGroup } from './scope.ts'
import { grams, percent, usd } from './words.ts'

/**
 * A rule's limit as a linear bound on the levels of pools: Σ terms·level ≤ limit. A plan breaks it where
 * `measure` of a moment lies above both `most` and what was before: nothing that comes nearer to a limit is refused.
 */
export type LevelLimit = {
  rule: Rule
  /** Whose limit it is: "chat-llm", "team chat". */
  of: string
  /** By pool, per step of its level; a pool that is not there counts nothing. */
  terms: ReadonlyMap<string, number>
  limit: number
  /** What is compared: the same bound, as a person would put it. */
  measure(levels: ReadonlyMap<string, number>): number
  most: number
  limitWords: string
  /** What the limit is held against, in words, at these levels. */
  actualWords(levels: ReadonlyMap<string, number>): string
}

/** The limits of the published rules that are bounds on levels: cost, carbon and spot share. */
export function levelLimits(world: RuleWorld): LevelLimit[] {
  return world.ruleSet.rules.flatMap((rule) => limitsOf(rule, world))
}

function limitsOf(rule: Rule, world: RuleWorld): LevelLimit[] {
  switch (rule.kind) {
    case 'cost-per-hour':
      return groupsOf(rule, world.workloads).map((group) => hourLimit(rule, group, world))
    case 'cost-per-month':
      return groupsOf(rule, world.workloads).flatMap((group) =>
        monthsOf(world).map((month) => monthLimit(rule, group, world, month)),
      )
    case 'spot-share':
      return groupsOf({ ...rule, per: 'workload' }, world.workloads).map((group) =>
        spotLimit(rule, group, world),
      )
    case 'carbon':
      return groupsOf(rule, world.workloads).flatMap((group) => carbonLimit(rule, group, world))
    default:
      return []
  }
}

type Of<K extends Rule['kind']> = Extract<Rule, { kind: K }>

function hourLimit(rule: Of<'cost-per-hour'>, group: LimitGroup, world: RuleWorld): LevelLimit {
  const terms = termsOf(group, world, ({ pricePerHourUsd }) => pricePerHourUsd)
  const constant = unpaid(terms, world)
  const value = (levels: ReadonlyMap<string, number>) => constant + valueAt(terms, levels)
  return {
    rule,
    of: group.label,
    terms,
    limit: rule.limitUsd - constant,
    measure: value,
    most: rule.limitUsd,
    limitWords: `at most ${usd(rule.limitUsd)}/h for ${group.label}`,
    actualWords: (levels) => `${usd(value(levels))}/h`,
  }
}

/**
 * While a plan is planned to stay the month costs what all levels come to, those that stand and those that are approved included; the
 * rest of it goes on as is usual. A plan that stays past the month's end is held against the next one as well.
 */
function monthLimit(
  rule: Of<'cost-per-month'>,
  group: LimitGroup,
  world: RuleWorld,
  { name, staysHours, usualHours, isNext }: MonthSpan,
): LevelLimit {
  const terms = termsOf(group, world, ({ pricePerHourUsd }) => pricePerHourUsd * staysHours)
  const rest = group.workloads.reduce(
    (sum, { spentThisMonthUsd, usualCostPerHourUsd }) =>
      sum + (isNext ? 0 : spentThisMonthUsd) + usualCostPerHourUsd * usualHours,
    unpaid(terms, world),
  )
  return {
    rule,
    of: group.label,
    terms,
    limit: rule.limitUsd - rest,
    measure: (levels) => rest + valueAt(terms, levels),
    most: rule.limitUsd,
    limitWords: `at most ${usd(rule.limitUsd)} a month for ${group.label}`,
    actualWords: (levels) => `${usd(rest + valueAt(terms, levels))} forecast for the ${name}’s end`,
  }
}

/** spot / all ≤ share, as spot·(1 − share) − other·share ≤ 0, so that it is linear. */
function spotLimit(rule: Of<'spot-share'>, group: LimitGroup, world: RuleWorld): LevelLimit {
  const { maxShare } = rule
  const spot = termsOf(group, world, ({ market, capacity }) => (market === 'spot' ? capacity : 0))
  const all = termsOf(group, world, ({ capacity }) => capacity)
  const share = (levels: ReadonlyMap<string, number>) => {
    const total = valueAt(all, levels)
    return total > 0 ? valueAt(spot, levels) / total : 0
  }
  return {
    rule,
    of: group.label,
    terms: new Map([...all].map(([id, capacity]) => [id, (spot.get(id) ?? 0) - capacity * maxShare])),
    limit: 0,
    measure: share,
    most: maxShare,
    limitWords: `at most ${percent(maxShare)} of ${group.label} on spot`,
    actualWords: (levels) => `${percent(share(levels))} on spot`,
  }
}

/** Grams per thousand units need a demand; a workload without a forecast has no such limit. */
function carbonLimit(rule: Of<'carbon'>, group: LimitGroup, world: RuleWorld): LevelLimit[] {
  const terms = termsOf(group, world, ({ carbonGPerHour }) => carbonGPerHour)
  const constant = unpaid(terms, world)
  const value = (levels: ReadonlyMap<string, number>) => constant + valueAt(terms, levels)
  if (rule.unit === 'g-per-hour') {
    return [
      {
        rule,
        of: group.label,
        terms,
        limit: rule.limit - constant,
        measure: value,
        most: rule.limit,
        limitWords: `at most ${grams(rule.limit)}/h for ${group.label}`,
        actualWords: (levels) => `${grams(value(levels))}/h`,
      },
    ]
  }
  const thousandsPerHour = (demandOf(group.workloads) * 3_600) / 1_000
  if (thousandsPerHour === 0) return []
  return [
    {
      rule,
      of: group.label,
      terms,
      limit: rule.limit * thousandsPerHour - constant,
      measure: value,
      most: rule.limit * thousandsPerHour,
      limitWords: `at most ${grams(rule.limit)} per 1,000 units for ${group.label}`,
      actualWords: (levels) => `${grams(value(levels) / thousandsPerHour)} per 1,000 units`,
    },
  ]
}

function demandOf(workloads: readonly RuleWorkload[]): number {
  return workloads.reduce((sum, { demandPerSecond }) => sum + (demandPerSecond ?? 0), 0)
}

function termsOf(group: LimitGroup, world: RuleWorld, term: (pool: RulePool) => number): Map<string, number> {
  const members = new Set(group.workloads.map(({ id }) => id))
  return new Map(
    world.pools.filter(({ workloadId }) => members.has(workloadId)).map((pool) => [pool.poolId, term(pool)]),
  )
}

/** What the levels from which pools are paid would come to, taken off. */
function unpaid(terms: ReadonlyMap<string, number>, { pools }: RuleWorld): number {
  return pools.reduce((sum, { poolId, paidFrom = 0 }) => sum - (terms.get(poolId) ?? 0) * paidFrom, 0)
}

/** Σ terms·level. */
export function valueAt(terms: ReadonlyMap<string, number>, levels: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const [poolId, term] of terms) sum += term * (levels.get(poolId) ?? 0)
  return sum
}
