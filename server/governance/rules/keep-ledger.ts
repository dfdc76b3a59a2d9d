import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { authorise, type Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import { budgetMarks, type RuleWorld } from '../../plan/contract.ts'
import { meterPools, monthOf } from '../../plan/index.ts'
import { budgetsOf, standingsNow } from './standings.ts'
import { ruleSetInForce } from './stored-rules.ts'

const minuteMs = 60_000

/**
 * Once a minute: charges every pool up to now, and says which budgets reached a mark. A mark is said once per rule, group,
 * month and limit, whoever asks and however often. Returns how many were new; null where it is not time yet.
 */
export async function keepLedger({ ctx }: { ctx: Context }): Promise<number | null> {
  authorise(ctx, 'policy.keep')
  return transact(ctx, async (tx) => {
    const now = ctx.clock.now()
    if (!(await isDue(tx, now))) return null
    await meterPools(tx, now)
    const { world } = await standingsNow(tx, ctx, await ruleSetInForce(tx))
    return sayReachedMarks(tx, ctx, world)
  })
}

async function isDue(tx: Tx, now: Date): Promise<boolean> {
  const due = await tx.pool.findFirst({
    where: {
      desiredReplicas: { not: null },
      OR: [{ meter: null }, { meter: { meteredUntil: { lte: new Date(now.getTime() - minuteMs) } } }],
    },
    select: { id: true },
  })
  return due !== null
}

async function sayReachedMarks(tx: Tx, ctx: Context, world: RuleWorld): Promise<number> {
  const month = monthOf(world.now).from
  const reached = budgetsOf(world).flatMap(({ rule, of, used, budget }) =>
    budget === null || used === null
      ? []
      : budgetMarks
          .filter((mark) => used >= mark / 100 - 1e-12)
          .map((mark) => ({ rule, of, mark, month, ...budget })),
  )
  let said = 0
  for (const { reached: _, ...alert } of reached) {
    const { count } = await tx.budgetAlert.createMany({
      data: [
        { ...alert, id: ctx.ids.uuid(), ruleSetVersion: world.ruleSet.version, at: new Date(world.now) },
      ],
      skipDuplicates: true,
    })
    if (count === 0) continue
    said++
    await append(tx, ctx, {
      stage: 'governance',
      action: 'budget.alert',
      subject: `rule/${alert.rule}`,
      body: { ...alert, month: month.toISOString(), ruleSetVersion: world.ruleSet.version },
    })
  }
  if (said > 0) await announce(tx, { topic: 'policy' })
  return said
}
