import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { BudgetAlert } from '../../kernel/generated/client.ts'
import { parseInput } from '../../kernel/parse.ts'
import { budgetMarks, type Rule } from '../../plan/contract.ts'
import { inScope, monthOf } from '../../plan/index.ts'
import {
  type BudgetAlertView,
  type RuleHistoryInput,
  type RuleSetView,
  type RulesView,
  ruleHistoryInput,
} from './contract.ts'
import { differencesOf } from './differences.ts'
import { standingsNow } from './standings.ts'
import { newestDraft, ruleSetInForce, sameRules, storedRules } from './stored-rules.ts'

/** The rules in force with where each stands, the draft if there is one, and this month's alerts. */
export async function getRules({ ctx }: { ctx: Context }): Promise<RulesView> {
  authorise(ctx, 'policy.read')
  const { db } = ctx
  const inForce = await ruleSetInForce(db)
  const draft = await newestDraft(db)
  const drafted = draft && storedRules(draft.rules)
  const { world, standings } = await standingsNow(db, ctx, inForce)
  const authors = await namesOf(ctx, [draft?.authorId ?? null])
  return {
    version: inForce.version,
    rules: inForce.rules,
    draftNumber: draft?.number ?? 0,
    draft:
      draft && drafted && !sameRules(drafted, inForce.rules)
        ? {
            number: draft.number,
            basedOnVersion: draft.basedOnVersion,
            rules: drafted,
            differences: differencesOf(inForce.rules, drafted),
            author: authors(draft.authorId),
            createdAt: draft.createdAt.toISOString(),
          }
        : null,
    standings,
    alerts: await budgetAlerts({ ctx }),
    inScope: Object.fromEntries(
      inForce.rules.map((rule) => [
        rule.name,
        world.workloads.filter((workload) => inScope(rule.scope, workload)).length,
      ]),
    ),
  }
}

/** The published rules alone, with what the next draft and the next publication are based on. */
export async function listRules({
  ctx,
}: {
  ctx: Context
}): Promise<{ version: number; draftNumber: number; rules: Rule[] }> {
  authorise(ctx, 'policy.read')
  const inForce = await ruleSetInForce(ctx.db)
  return { ...inForce, draftNumber: (await newestDraft(ctx.db))?.number ?? 0 }
}

/** Published versions, newest first. `before`: only those older than this version. */
export async function ruleHistory({ ctx, input }: Verb<RuleHistoryInput>): Promise<RuleSetView[]> {
  authorise(ctx, 'policy.read')
  const { before, limit } = parseInput(ruleHistoryInput, input, 'query')
  const rows = await ctx.db.ruleSet.findMany({
    where: before === undefined ? {} : { version: { lt: before } },
    orderBy: { version: 'desc' },
    take: limit + 1,
  })
  const authors = await namesOf(
    ctx,
    rows.map(({ authorId }) => authorId),
  )
  const sets = rows.map((row) => storedRules(row.rules))
  return rows.slice(0, limit).map((row, i) => ({
    version: row.version,
    rules: sets[i] ?? [],
    differences: differencesOf(sets[i + 1] ?? [], sets[i] ?? []),
    reason: row.reason,
    author: authors(row.authorId),
    createdAt: row.createdAt.toISOString(),
  }))
}

/** Marks that budgets reached this month, the newest first. */
export async function budgetAlerts({ ctx }: { ctx: Context }): Promise<BudgetAlertView[]> {
  authorise(ctx, 'policy.read')
  const month = monthOf(ctx.clock.now().toISOString()).from
  const rows = await ctx.db.budgetAlert.findMany({
    where: { month },
    orderBy: [{ at: 'desc' }, { mark: 'desc' }],
    take: 100,
  })
  return rows.flatMap((row) => alertView(row))
}

function alertView({ ruleSetVersion: _, month, at, mark: stored, ...row }: BudgetAlert): BudgetAlertView[] {
  const mark = budgetMarks.find((one) => one === stored)
  return mark ? [{ ...row, mark, month: month.toISOString(), at: at.toISOString() }] : []
}

async function namesOf(ctx: Context, ids: (string | null)[]): Promise<(id: string | null) => string> {
  const people = await ctx.db.user.findMany({
    where: { id: { in: ids.flatMap((id) => id ?? []) } },
    select: { id: true, name: true },
  })
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return (id) => (id === null ? 'system' : (names.get(id) ?? 'somebody removed'))
}
