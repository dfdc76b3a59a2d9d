import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Db, Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { transact } from '../kernel/transact.ts'
import { rehearsalVerdicts } from './contract/rehearsal.ts'
import type { ApprovalBinding, RehearsedAction } from './contract.ts'
import { bindingOf } from './contract.ts'
import { storedContent } from './stored.ts'

/** A dry run older than this is made again: the cluster may say something else by now. */
export const rehearsalStaleSeconds = 60
const atOnce = 20

export type ToRehearse = { proposalId: string; contentHash: string; binding: ApprovalBinding }

/** Waiting proposals whose actions no target was asked about, or a while ago; the most pressing first. */
export async function dueRehearsals({ ctx }: { ctx: Context }): Promise<ToRehearse[]> {
  authorise(ctx, 'dispatch.run')
  const now = ctx.clock.now()
  const before = new Date(now.getTime() - rehearsalStaleSeconds * 1_000)
  const due = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Proposal" p
    WHERE "state" = 'waiting' AND "expiresAt" > ${now}::timestamptz AND NOT EXISTS (
      SELECT 1 FROM "Rehearsal" r
      WHERE r."proposalId" = p."id" AND r."contentHash" = p."contentHash" AND r."at" > ${before}::timestamptz)
    ORDER BY "actBy" LIMIT ${atOnce}`
  const rows = await ctx.db.proposal.findMany({ where: { id: { in: due.map(({ id }) => id) } } })
  return rows.map(({ id, contentHash, content }) => ({
    proposalId: id,
    contentHash,
    binding: bindingOf(id, storedContent(content)),
  }))
}

type Kept = { proposalId: string; contentHash: string; actions: RehearsedAction[] }

/** Keeps what the targets said, unless the proposal has another content by now. */
export async function keepRehearsal({ ctx, input }: Verb<Kept>): Promise<void> {
  authorise(ctx, 'dispatch.run')
  const { proposalId, contentHash, actions } = input
  await transact(ctx, async (tx) => {
    const known = await tx.proposal.count({ where: { id: proposalId, contentHash, state: 'waiting' } })
    if (known === 0) return
    const before = await rehearsalOf(tx, { id: proposalId, contentHash })
    await tx.rehearsal.deleteMany({ where: { proposalId } })
    await tx.rehearsal.createMany({
      data: actions.map(({ at, ...action }) => ({ proposalId, contentHash, at: new Date(at), ...action })),
    })
    const said = (all: RehearsedAction[]) =>
      all.map(({ verdict, message }) => `${verdict} ${message}`).join('\n')
    if (said(before) !== said(actions)) await announce(tx, { topic: 'proposal', id: proposalId })
  })
}

/** What the targets last said of the content that a proposal has; empty while they were not asked. */
export async function rehearsalOf(
  db: Db | Tx,
  { id, contentHash }: Pick<Proposal, 'id' | 'contentHash'>,
): Promise<RehearsedAction[]> {
  const rows = await db.rehearsal.findMany({
    where: { proposalId: id, contentHash },
    orderBy: { position: 'asc' },
  })
  return rows.map(({ position, targetId, verdict, message, observedVersion, at }) => ({
    ...{ position, targetId, message, observedVersion, at: at.toISOString() },
    verdict: rehearsalVerdicts.find((known) => known === verdict) ?? 'unclear',
  }))
}
