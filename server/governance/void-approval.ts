import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Decision, Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { replanNow } from './conditions.ts'
import { contentColumns } from './content-columns.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'
import { worldNow } from './world.ts'

/**
 * Sends a proposal back to the inbox because what an approval would bind has moved. `reasons` say what, old → new. Its
 * set-point stays, everything else is computed anew, so that the next look shows the world as it is.
 */
export async function voidApproval(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  reasons: string[],
): Promise<{ decision: Decision; reason: string }> {
  const seen = storedContent(proposal.content)
  const reason = `The approval is void: ${reasons.join('; ')}.`
  const fresh = await recomputed(tx, ctx, proposal, seen)
  const decision = await recordDecision(tx, ctx, proposal, {
    event: 'void',
    reason,
    seen,
    change: {
      voidReason: reason,
      snoozedUntil: null,
      snoozedBy: null,
      ...(fresh ? contentColumns(proposal.id, fresh) : {}),
    },
  })
  return { decision, reason }
}

/** The plan of a proposal with the numbers of now. Null while there is nothing to compute it from; then the old content stays, and stays unapprovable. */
export async function recomputed(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  old: PlanContent,
): Promise<PlanContent | null> {
  try {
    const ours = { proposalId: proposal.id }
    const fresh = replanNow(await worldNow(tx, ctx, proposal.workloadId, old, { ours }), old)
    return proposal.kind === 'rollback' ? { ...fresh, summary: old.summary, reasons: old.reasons } : fresh
  } catch (error) {
    if (error instanceof ConflictError) return null
    throw error
  }
}
