import { authorise, type Context } from '../../kernel/context.ts'
import { transact } from '../../kernel/transact.ts'
import { instant } from '../words.ts'
import { recordBaseDecision } from './record-base-decision.ts'
import { refitBase } from './refit-base.ts'
import { lockBases } from './stored-base.ts'

const weekMs = 7 * 24 * 3_600_000

/** Expires every candidate whose time is over. Returns how many. */
export async function expireBases({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'baseModel.keep')
  const overdue = { state: 'waiting', expiresAt: { lte: ctx.clock.now() } } as const
  if ((await ctx.db.baseModel.count({ where: overdue })) === 0) return 0
  return transact(ctx, async (tx) => {
    await lockBases(tx)
    const due = await tx.baseModel.findMany({ where: overdue })
    for (const base of due) {
      const reason = `Nobody decided until ${instant(base.expiresAt)}; nothing was changed.`
      await recordBaseDecision(tx, ctx, base, { kind: 'expire', reason })
    }
    return due.length
  })
}

/** Refits if the last refit is a week ago, or forecasts were first made a week ago. Returns the version, or why not. */
export async function refitWhenDue({ ctx }: { ctx: Context }): Promise<string> {
  authorise(ctx, 'baseModel.keep')
  const before = new Date(ctx.clock.now().getTime() - weekMs)
  const recent = await ctx.db.baseModel.findFirst({
    where: { createdAt: { gt: before } },
    select: { version: true },
  })
  if (recent !== null) return `${recent.version} is less than a week old.`
  const first = await ctx.db.forecast.findFirst({
    where: { issuedAt: { lte: before } },
    select: { id: true },
  })
  if (first === null) return 'The first forecast is less than a week old.'
  return (await refitBase({ ctx })).version
}
