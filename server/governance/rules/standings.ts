import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { type BudgetMark, budgetMarks, type Rule, type RuleSet, type RuleWorld } from '../../plan/contract.ts'
import {
  groupsOf,
  inScope,
  isFrozen,
  levelLimits,
  monthEndUsd,
  policiesOf,
  windowWords,
} from '../../plan/index.ts'
import type { RuleStanding } from './contract.ts'
import { ruleWorldNow } from './rule-world.ts'

/** Groups shown of one rule: those nearest to its limit. */
const shownGroups = 20

/** Where every published rule stands now, the fullest groups of each first; with the world that it was read from. */
export async function standingsNow(
  tx: Tx,
  ctx: Context,
  ruleSet: RuleSet,
): Promise<{ world: RuleWorld; standings: RuleStanding[] }> {
  const workloads = ruleSet.rules.length > 0 ? await tx.workload.findMany({ select: { id: true } }) : []
  const ids = workloads.map(({ id }) => id)
  const world = await ruleWorldNow(tx, ctx.clock.now(), ids, ruleSet)
  const limits = Map.groupBy(levelLimits(world), ({ rule }) => rule.name)
  const levels = new Map(world.pools.map(({ poolId, level }) => [poolId, level]))
  const budgets = Map.groupBy(budgetsOf(world), ({ rule }) => rule)
  const standings = ruleSet.rules.flatMap((rule): RuleStanding[] => {
    const budget = budgets.get(rule.name)
    if (budget) return fullest(budget)
    const ofLevels = (limits.get(rule.name) ?? []).map((limit) => ({
      rule: rule.name,
      of: limit.of,
      kind: rule.kind,
      used: limit.most > 0 ? limit.measure(levels) / limit.most : null,
      actual: limit.actualWords(levels),
      limit: limit.limitWords,
      budget: null,
    }))
    return ofLevels.length > 0 ? fullest(ofLevels) : standingOf(rule, world)
  })
  return { world, standings }
}

function fullest(standings: RuleStanding[]): RuleStanding[] {
  return standings.toSorted((a, b) => (b.used ?? 0) - (a.used ?? 0)).slice(0, shownGroups)
}

/** Where each month's budget stands: what is spent, what is left, and the highest mark that is reached. */
export function budgetsOf(world: RuleWorld): RuleStanding[] {
  return world.ruleSet.rules.flatMap((rule) => {
    if (rule.kind !== 'cost-per-month') return []
    return groupsOf(rule, world.workloads).map(({ label, workloads }): RuleStanding => {
      const spentUsd = workloads.reduce((sum, { spentThisMonthUsd }) => sum + spentThisMonthUsd, 0)
      const used = spentUsd / rule.limitUsd
      const monthEnd = monthEndUsd(workloads, world.now)
      return {
        rule: rule.name,
        of: label,
        kind: rule.kind,
        used,
        actual: `$${spentUsd.toFixed(2)} spent, $${monthEnd.toFixed(2)} forecast for the month’s end`,
        limit: `at most $${rule.limitUsd.toFixed(2)} a month for ${label}`,
        budget: { spentUsd, monthEndUsd: monthEnd, limitUsd: rule.limitUsd, reached: reachedMark(used) },
      }
    })
  })
}

/** The highest mark that a share of the budget has reached; null below the first. */
export function reachedMark(used: number): BudgetMark | null {
  return budgetMarks.findLast((mark) => used >= mark / 100 - 1e-12) ?? null
}

/** Rules that have no level: how things stand, in words. */
function standingOf(rule: Rule, world: RuleWorld): RuleStanding[] {
  const one = (actual: string, limit: string): RuleStanding[] => [
    { rule: rule.name, of: '', kind: rule.kind, used: null, actual, limit, budget: null },
  ]
  const mine = world.workloads.filter((workload) => inScope(rule.scope, workload))
  const ids = new Set(mine.map(({ id }) => id))
  const pools = world.pools.filter(({ workloadId, level }) => ids.has(workloadId) && level > 0)
  if (rule.kind === 'freeze') {
    const now = isFrozen(rule.window, world.now) ? 'frozen now' : 'not frozen now'
    return one(mine.length === 0 ? 'concerns no workload' : now, windowWords(rule.window))
  }
  if (rule.kind === 'jurisdictions') {
    const outside = pools.filter(({ jurisdiction }) => !rule.allowed.includes(jurisdiction))
    return one(`${outside.length} of ${pools.length} pools elsewhere`, rule.allowed.join(', '))
  }
  if (rule.kind === 'security-tier') {
    const below = pools.filter(({ securityTier }) => securityTier < rule.minimum)
    return one(`${below.length} of ${pools.length} pools below`, `tier ${rule.minimum} or higher`)
  }
  if (rule.kind === 'written') {
    const count = policiesOf(rule.text)?.length ?? 0
    return one(
      `in force, ${count} ${count === 1 ? 'policy' : 'policies'}`,
      'what its policies forbid is refused',
    )
  }
  if (rule.kind === 'rate-limit') {
    const most = Math.max(0, ...mine.map(({ changesLastHour }) => changesLastHour))
    return one(`at most ${most} in the past hour`, `${rule.maxChangesPerHour} changes per hour`)
  }
  return []
}
