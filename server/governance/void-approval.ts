import type { Context } from '../kernel/context.ts'
import type { Prisma, Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { Decision, Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { bindingHash } from './binding.ts'
import { replanNow, worldNow } from './conditions.ts'
import { bindingOf } from './contract.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

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
    change: { voidReason: reason, ...(fresh ? contentColumns(proposal.id, fresh) : {}) },
  })
  return { decision, reason }
}

/** The columns of a proposal that repeat its content, for sorting and searching. */
export function contentColumns(proposalId: string, content: PlanContent) {
  return {
    content,
    contentHash: bindingHash(bindingOf(proposalId, content)),
    summary: content.summary,
    confidence: content.confidence,
    costChangePerHourUsd: content.effect.costChangePerHourUsd,
    surgeAt: content.evidence.surge ? new Date(content.evidence.surge.startsAt) : null,
    actBy: new Date(content.actBy),
    expiresAt: new Date(content.expiresAt),
  } satisfies Prisma.ProposalUncheckedUpdateManyInput
}

/** Null while there is nothing to compute it from; then the old content stays, and stays unapprovable. */
async function recomputed(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  old: PlanContent,
): Promise<PlanContent | null> {
  try {
    const fresh = replanNow(await worldNow(tx, ctx, proposal.workloadId, old), old)
    return proposal.kind === 'rollback' ? { ...fresh, summary: old.summary, reasons: old.reasons } : fresh
  } catch (error) {
    if (error instanceof ConflictError) return null
    throw error
  }
}
