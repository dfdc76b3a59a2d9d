import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { read, together } from '../kernel/reading.ts'
import { transact } from '../kernel/transact.ts'
import { approvalFacts } from './approval-rules/facts.ts'
import { failSafeOf } from './approval-rules/fail-safe.ts'
import { approvalsInForce } from './approval-rules/stored-policy.ts'
import { contentColumns } from './content-columns.ts'
import { lockedProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'
import { recomputed } from './void-approval.ts'
import { instant } from './words.ts'

/**
 * Ends what nobody decided in time, each in a transaction of its own: it expires, or stays overdue with the numbers of now
 * where that is declared. Returns how many.
 */
export async function expireDue({ ctx }: { ctx: Context }): Promise<number> {
  authorise(ctx, 'proposal.create')
  const now = ctx.clock.now()
  const due = await ctx.db.proposal.findMany({
    where: { state: 'waiting', expiresAt: { lte: now } },
    select: { id: true },
    orderBy: { expiresAt: 'asc' },
    take: 1_000,
  })
  let expired = 0
  for (const { id } of due) {
    expired += await transact(ctx, async (tx) => {
      const proposal = await lockedProposal(tx, id)
      // Decided, or given more time, since it was found.
      if (proposal.state !== 'waiting' || proposal.expiresAt > now) return 0
      await endOne(tx, ctx, proposal)
      return 1
    })
  }
  return expired
}

async function endOne(tx: Tx, ctx: Context, proposal: Proposal): Promise<void> {
  const seen = storedContent(proposal.content)
  const known = await read(tx, together({ policy: approvalsInForce, facts: approvalFacts(proposal, seen) }))
  const { standing } = failSafeOf(proposal, seen, known)
  const until = `Nobody decided until ${instant(proposal.expiresAt)}`
  const rule = standing.rule === null ? '' : ` (rule ${standing.rule})`
  const fresh = standing.fallback === 'hold' ? await recomputed(tx, ctx, proposal, seen) : null
  if (fresh !== null && Date.parse(fresh.expiresAt) > ctx.clock.now().getTime()) {
    const overdueSince = proposal.overdueSince ?? proposal.expiresAt
    await recordDecision(tx, ctx, proposal, {
      event: 'hold',
      reason: `${until}; nothing was changed, and it goes on waiting with the numbers of now${rule}.`,
      seen,
      change: { ...contentColumns(proposal.id, fresh), overdueSince },
    })
    return
  }
  await recordDecision(tx, ctx, proposal, {
    event: 'expire',
    reason: `${until}; nothing was changed${rule}.`,
    seen,
  })
}
