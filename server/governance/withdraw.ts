import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { lockWorkload } from './lock.ts'
import { waitingProposal } from './propose.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

/**
 * Takes the waiting proposal of a workload out of the inbox because the plan no longer asks for it; the reason is kept.
 * A rollback that waits is a person's wish and stays. Returns whether one was withdrawn.
 */
export async function withdraw({
  ctx,
  tx,
  input,
}: {
  ctx: Context
  tx: Tx
  input: { workloadId: string; reason: string }
}): Promise<boolean> {
  authorise(ctx, 'proposal.create')
  await lockWorkload(tx, input.workloadId)
  const waiting = await waitingProposal(tx, input.workloadId)
  if (waiting?.kind !== 'scale') return false
  await recordDecision(tx, ctx, waiting, {
    event: 'withdraw',
    reason: `No longer needed. ${input.reason}`,
    seen: storedContent(waiting.content),
  })
  return true
}
