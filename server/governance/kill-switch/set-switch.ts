import { append } from '../../audit/index.ts'
import { announce } from '../../kernel/bus.ts'
import { actorUserId, authorise, type Context, type Verb } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { ConflictError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { transact } from '../../kernel/transact.ts'
import { lockInOrder, switchChanges } from '../locks.ts'
import { storedActor } from '../stored.ts'
import { whoIs } from '../words.ts'
import { type SetSwitchInput, type SwitchView, setSwitchInput } from './contract.ts'
import { switchNow } from './switch.ts'

/**
 * Stops all dispatch, or lets it go on. When the stop has returned, no write is let go any more; `underWay` are those that were
 * before and have not been answered. What is let go on is looked at anew, as whole as at its approval.
 * @throws ConflictError if somebody touched the switch since it was looked at, or it stands so already.
 */
export async function setSwitch({ ctx, input }: Verb<SetSwitchInput>): Promise<SwitchView> {
  const { engaged, reason, basedOn } = parseInput(setSwitchInput, input, 'switch')
  authorise(ctx, engaged ? 'dispatch.stop' : 'dispatch.release')
  return transact(ctx, async (tx) => {
    await lockInOrder(tx, [switchChanges])
    const before = await switchNow(tx)
    const number = before?.number ?? 0
    if (before !== null && number !== basedOn)
      throw new ConflictError(
        `${whoIs(storedActor(before.actor))} turned the switch since you looked: dispatch is ${before.engaged ? 'stopped' : 'on'}.`,
        [{ path: 'basedOn', message: `is ${basedOn}`, expected: String(number) }],
      )
    if ((before?.engaged ?? false) === engaged)
      throw new ConflictError(engaged ? 'All dispatch is stopped already.' : 'Dispatch is on already.')
    const at = ctx.clock.now()
    const next = { number: number + 1, engaged, reason, userId: actorUserId(ctx.actor), actor: ctx.actor, at }
    await tx.dispatchSwitch.create({ data: next })
    if (!engaged) await sendHalted(tx, ctx)
    const view = await switchView(tx)
    await announce(tx, { topic: 'dispatch' })
    await append(tx, ctx, {
      stage: 'governance',
      action: engaged ? 'dispatch.stop' : 'dispatch.release',
      subject: 'dispatch/switch',
      body: { number: next.number, reason, halted: view.halted, underWay: view.underWay },
    })
    return view
  })
}

/** How the switch stands. */
export async function getSwitch({ ctx }: { ctx: Context }): Promise<SwitchView> {
  authorise(ctx, 'proposal.read')
  return switchView(ctx.db)
}

async function switchView(tx: Tx): Promise<SwitchView> {
  const now = await switchNow(tx)
  const halted = await tx.dispatch.count({ where: { haltedAt: { not: null } } })
  const [written] = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM "Dispatch" d
    WHERE d."state" IN ('dispatching', 'unknown', 'rolling_back') AND EXISTS (
      SELECT 1 FROM "Receipt" r WHERE r."dispatchId" = d."id" AND r."outcome" = 'sent'
        AND NOT EXISTS (
          SELECT 1 FROM "Receipt" a WHERE a."dispatchId" = r."dispatchId" AND a."targetId" = r."targetId"
            AND a."outcome" <> 'sent' AND a."at" >= r."at" AND a."id" <> r."id"
        )
    )`
  return {
    number: now?.number ?? 0,
    engaged: now?.engaged ?? false,
    who: now && whoIs(storedActor(now.actor)),
    at: now?.at.toISOString() ?? null,
    reason: now?.reason ?? null,
    halted,
    underWay: Number(written?.count ?? 0),
  }
}

/** What stood still is delivered again at once; nobody has to wait for the sweep. */
async function sendHalted(tx: Tx, ctx: Context): Promise<void> {
  const halted = await tx.dispatch.findMany({
    where: { haltedAt: { not: null } },
    select: { id: true, decisionId: true },
  })
  for (const { id, decisionId } of halted) {
    await tx.dispatch.updateMany({ where: { id, leaseOwner: null }, data: { leaseUntil: null } })
    await ctx.queue.send(tx, 'dispatch', { decisionId }, { key: decisionId })
  }
}
