import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import type { PlanContent } from '../plan/contract.ts'
import { inverse, replan } from '../plan/index.ts'
import { requireAllowed } from './bounds.ts'
import { planInputNow } from './conditions.ts'
import {
  type PreviewRollbackInput,
  type ProposalDetail,
  previewRollbackInput,
  type RollbackInput,
  rollbackInput,
} from './contract.ts'
import { getProposal } from './get-proposal.ts'
import { approvalInFlight } from './in-flight.ts'
import { lockedProposal } from './open-proposal.ts'
import { createProposal, waitingProposal } from './propose.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'

/**
 * Takes back what an applied proposal did: a new proposal of kind rollback to the level before it, bound to the target as
 * it is now, and approved by the same person in the same transaction. A proposal that waits meanwhile is superseded.
 * @throws ConflictError unless the proposal was applied, is the workload's last change, and nothing else is on its way.
 * @throws InvalidInputError if policy forbids it, naming the bound.
 */
export async function rollback({ ctx, input }: Verb<RollbackInput>): Promise<ProposalDetail> {
  authorise(ctx, 'proposal.decide')
  const { proposalId, reason, waiver } = parseInput(rollbackInput, input, 'rollback')
  const id = await transact(ctx, async (tx) => {
    const base = await lockedProposal(tx, proposalId)
    const applied = await appliedPlan(tx, base)
    const plan = await inversePlan(tx, ctx, base, applied)
    const allowed = requireAllowed(ctx, plan, waiver)
    const asked = `A person asked to take back #${base.number}: ${reason}`
    const content = { ...plan, reasons: [asked, ...plan.reasons] }
    const waiting = await waitingProposal(tx, base.workloadId)
    const created = await createProposal(tx, ctx, {
      workloadId: base.workloadId,
      forecastId: null,
      content,
      rollbackOfId: base.id,
    })
    if (waiting) {
      await recordDecision(tx, ctx, waiting, {
        event: 'supersede',
        reason: `#${created.number} rolls back #${base.number}.`,
        seen: storedContent(waiting.content),
        change: { supersededById: created.id },
      })
    }
    await recordDecision(tx, ctx, created, { event: 'approve', reason, seen: content, waiver: allowed })
    return created.id
  })
  return getProposal({ ctx, input: { id } })
}

/**
 * What rolling back would do now, policy included; changes nothing. What policy forbids is shown with what it breaks.
 * @throws ConflictError as `rollback` does.
 */
export async function previewRollback({ ctx, input }: Verb<PreviewRollbackInput>): Promise<PlanContent> {
  authorise(ctx, 'proposal.decide')
  const { proposalId } = parseInput(previewRollbackInput, input, 'rollback')
  const base = await ctx.db.proposal.findUnique({ where: { id: proposalId } })
  if (!base) throw new NotFoundError('proposal', proposalId)
  return inversePlan(ctx.db, ctx, base, await appliedPlan(ctx.db, base))
}

/** The plan that was carried out for a proposal. */
async function appliedPlan(tx: Tx, base: Proposal): Promise<PlanContent> {
  const inFlight = await approvalInFlight(tx, base.workloadId)
  if (inFlight) {
    throw new ConflictError(`#${inFlight.proposalNumber} is being carried out; roll back when that is done.`)
  }
  const last = await tx.decision.findFirst({
    where: {
      proposal: { workloadId: base.workloadId },
      dispatch: { state: { in: ['applied', 'verified'] } },
    },
    orderBy: { number: 'desc' },
    include: { proposal: { select: { number: true } } },
  })
  if (last?.proposalId === base.id) return storedContent(last.sent ?? last.seen)
  const own = await tx.decision.count({
    where: { proposalId: base.id, dispatch: { state: { in: ['applied', 'verified'] } } },
  })
  if (own === 0 || !last)
    throw new ConflictError(`#${base.number} was not applied; there is nothing to roll back.`)
  throw new ConflictError(
    `#${last.proposal.number} changed the workload after #${base.number}; roll that back first.`,
  )
}

async function inversePlan(tx: Tx, ctx: Context, base: Proposal, applied: PlanContent): Promise<PlanContent> {
  const back = inverse(applied.actions)?.[0]
  if (!back) throw new ConflictError(`#${base.number} changed nothing; there is nothing to roll back.`)
  const content = replan(await planInputNow(tx, ctx, base.workloadId), back.toReplicas)
  const from = content.evidence.capacity.desiredReplicas
  return {
    ...content,
    summary: `Roll back #${base.number}: ${back.targetName} from ${from} to ${back.toReplicas} replicas`,
  }
}
