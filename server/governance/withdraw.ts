import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Purpose } from '../plan/contract.ts'
import { noteNewerAdvice } from './newer-advice.ts'
import { lockedProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { capacityPurposes } from './same-advice.ts'
import { storedContent } from './stored.ts'

/** What the reason of every decision begins with by which the planner took a proposal back. */
export const withdrawnWords = 'No longer proposed.'

/** `purposes`: of which proposals the planner has thought anew; those about capacity unless said otherwise. */
export type WithdrawInput = { workloadId: string; reason: string; purposes?: Purpose[] }

/**
 * Takes what waits of a workload out of the inbox because the plan no longer asks for it; the reason is kept. A rollback
 * or a counter-proposal that waits is a person's wish and stays; the latter says so. Returns whether any was withdrawn.
 */
export async function withdraw({
  ctx,
  tx,
  input,
}: {
  ctx: Context
  tx: Tx
  input: WithdrawInput
}): Promise<boolean> {
  authorise(ctx, 'proposal.create')
  const { workloadId, reason, purposes = [...capacityPurposes] } = input
  const waiting = await tx.proposal.findMany({
    where: { workloadId, state: 'waiting', kind: 'scale', purpose: { in: purposes } },
    select: { id: true },
    orderBy: { number: 'asc' },
  })
  let withdrawn = 0
  for (const { id } of waiting) {
    const proposal = await lockedProposal(tx, id)
    // Decided since it was found.
    if (proposal.state !== 'waiting') continue
    if (proposal.counterId !== null) {
      await noteNewerAdvice(tx, ctx, proposal, { withdrawn: reason })
      continue
    }
    await recordDecision(tx, ctx, proposal, {
      event: 'withdraw',
      reason: `${withdrawnWords} ${reason}`,
      seen: storedContent(proposal.content),
    })
    withdrawn++
  }
  return withdrawn > 0
}
