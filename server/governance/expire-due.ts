import { authorise, type Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { lockedProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'
import { instant } from './words.ts'

/** Expires every waiting proposal whose time is over, each in a transaction of its own. Returns how many. */
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
      await recordDecision(tx, ctx, proposal, {
        event: 'expire',
        reason: `Nobody decided until ${instant(proposal.expiresAt)}; nothing was changed.`,
        seen: storedContent(proposal.content),
      })
      return 1
    })
  }
  return expired
}
