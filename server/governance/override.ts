import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import type { PlanContent } from '../plan/contract.ts'
import { replan } from '../plan/index.ts'
import { bindingHash, bindingOf } from './binding.ts'
import { requireAllowed } from './bounds.ts'
import { planInputNow } from './conditions.ts'
import {
  type DecisionDetail,
  type Difference,
  type OverrideInput,
  type OverridePreview,
  overrideInput,
  type PreviewOverrideInput,
  previewOverrideInput,
} from './contract.ts'
import { getDecision } from './get-decision.ts'
import { decidedConflict, openProposal } from './open-proposal.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

/**
 * The proposal with another set-point, everything recomputed against policy, capacity and prices of now; changes nothing.
 * A plan that policy forbids is shown with what it breaks, not refused.
 */
export async function previewOverride({ ctx, input }: Verb<PreviewOverrideInput>): Promise<OverridePreview> {
  authorise(ctx, 'proposal.decide')
  const { proposalId, toReplicas } = parseInput(previewOverrideInput, input, 'override')
  // Reads without a lock: a person who types must not wait for others, and the hash guards what is sent.
  const proposal = await ctx.db.proposal.findUnique({ where: { id: proposalId } })
  if (!proposal) throw new NotFoundError('proposal', proposalId)
  if (proposal.state !== 'waiting') throw await decidedConflict(ctx.db, proposal)
  return preview(ctx.db, ctx, proposal, toReplicas)
}

/**
 * Approves another set-point than the one proposed, with a reason; what was proposed, what was sent and the difference
 * are kept. Bound to what the preview showed.
 * @throws ConflictError if somebody was first, or a fresh preview is not the one that the person saw.
 * @throws InvalidInputError if policy forbids it, naming the bound.
 */
export async function override({ ctx, input }: Verb<OverrideInput>): Promise<DecisionDetail> {
  authorise(ctx, 'proposal.decide')
  const request = parseInput(overrideInput, input, 'override')
  const decision = await transact(ctx, async (tx) => {
    const proposal = await openProposal(tx, ctx, request)
    const fresh = await preview(tx, ctx, proposal, request.toReplicas)
    if (fresh.contentHash !== request.previewHash) {
      throw new ConflictError(
        'The policy, the target or a price moved since the preview. Look at the new numbers before you send it.',
        [{ path: 'previewHash', message: 'is of another preview', expected: fresh.contentHash }],
      )
    }
    const waiver = requireAllowed(ctx, fresh.content, request.waiver)
    return recordDecision(tx, ctx, proposal, {
      event: 'override',
      reason: request.reason,
      seen: storedContent(proposal.content),
      sent: fresh.content,
      difference: fresh.difference,
      waiver,
      change: { voidReason: null },
    })
  })
  return getDecision({ ctx, input: { id: decision.id } })
}

async function preview(
  tx: Tx,
  ctx: Context,
  proposal: Proposal,
  toReplicas: number,
): Promise<OverridePreview> {
  const proposed = storedContent(proposal.content)
  const input = await planInputNow(tx, ctx, proposal.workloadId, proposed.evidence.forecast)
  const content = replan(input, toReplicas)
  return {
    content,
    contentHash: bindingHash(bindingOf(proposal.id, content)),
    difference: differenceOf(proposed, content),
  }
}

function differenceOf(proposed: PlanContent, sent: PlanContent): Difference {
  const fields: { field: string; unit: string; of: (content: PlanContent) => number }[] = [
    { field: 'Replicas', unit: 'replicas', of: ({ effect }) => effect.replicas },
    { field: 'Cost', unit: '$/h', of: ({ effect }) => effect.costPerHourUsd },
    { field: 'Cost change', unit: '$/h', of: ({ effect }) => effect.costChangePerHourUsd },
    { field: 'Risk after', unit: 'probability', of: ({ effect }) => effect.sloRiskAfter },
    { field: 'Carbon change', unit: 'g/h', of: ({ effect }) => effect.carbonChangeGPerHour },
  ]
  return fields
    .map(({ field, unit, of }) => ({ field, proposed: of(proposed), sent: of(sent), unit }))
    .filter((row) => row.proposed !== row.sent)
}
