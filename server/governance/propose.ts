import { append, contentHashOf } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { bindingOf, movesSince } from './binding.ts'
import type { Proposed, ProposeInput } from './contract.ts'
import { approvalInFlight } from './in-flight.ts'
import { lockWorkload } from './lock.ts'
import { recordDecision } from './record-decision.ts'
import { storedContent } from './stored.ts'
import { touchedTargets, touchedWorkloads } from './touched.ts'
import { contentColumns } from './void-approval.ts'

/** A set-point that differs by less than this share of the change is the same advice; forecasts wobble. */
const sameShare = 0.1

/**
 * Puts a plan before the operators, in the caller's transaction. One proposal of a workload waits at a time.
 * A waiting one stays as it is, under the reader's eyes, while the advice is the same: same direction, set-point within a
 * tenth of the change, nothing bound has moved. Then only its deadlines follow the newer forecast. Otherwise the new one
 * supersedes it. Advice that a person rejected is not given again while the rejected proposal would have lived, unless a
 * rise now needs more than what was rejected. A rollback that waits is a person's wish and is not superseded. While an approval of the workload is on
 * its way to the target, nothing is proposed: the plan could not know its effect.
 */
export async function propose({
  ctx,
  tx,
  input,
}: {
  ctx: Context
  tx: Tx
  input: ProposeInput
}): Promise<Proposed> {
  authorise(ctx, 'proposal.create')
  const { workloadId, content } = input
  await lockWorkload(tx, workloadId)
  const inFlight = await approvalInFlight(tx, workloadId)
  if (inFlight) return { kind: 'held', reason: `#${inFlight.proposalNumber} is being carried out.` }

  const waiting = await waitingProposal(tx, workloadId)
  if (!waiting) {
    const refused = await standingRejection(tx, ctx, input)
    if (refused !== null) return { kind: 'held', reason: refused }
    return { kind: 'created', proposalId: (await createProposal(tx, ctx, input)).id }
  }
  if (waiting.kind === 'rollback') return { kind: 'kept', proposalId: waiting.id }

  const reason = differs(waiting.id, storedContent(waiting.content), content)
  if (reason === null) {
    await moveDeadlines(tx, ctx, waiting, content)
    return { kind: 'kept', proposalId: waiting.id }
  }
  const created = await createProposal(tx, ctx, input)
  await recordDecision(tx, ctx, waiting, {
    event: 'supersede',
    reason: `#${created.number} takes its place: ${reason}.`,
    seen: storedContent(waiting.content),
    change: { supersededById: created.id },
  })
  return { kind: 'superseded', proposalId: created.id, supersededId: waiting.id }
}

/** The proposal of a workload that waits for a decision; null if none does. */
export async function waitingProposal(tx: Tx, workloadId: string): Promise<Proposal | null> {
  return tx.proposal.findFirst({ where: { workloadId, state: 'waiting' } })
}

/** Whether a rise of the workload waits for a decision. */
export async function riseWaits(tx: Tx, workloadId: string): Promise<boolean> {
  const waiting = await waitingProposal(tx, workloadId)
  return waiting?.kind === 'scale' && storedContent(waiting.content).direction === 'up'
}

/** Why a person's rejection still answers this plan, in words; null when none does. */
async function standingRejection(
  tx: Tx,
  ctx: Context,
  { workloadId, content }: ProposeInput,
): Promise<string | null> {
  const rejected = await tx.proposal.findFirst({
    where: { workloadId, state: 'rejected', kind: 'scale', expiresAt: { gt: ctx.clock.now() } },
    orderBy: { number: 'desc' },
  })
  if (rejected === null) return null
  const { direction, effect } = storedContent(rejected.content)
  if (direction !== content.direction) return null
  if (direction === 'up' && content.effect.replicas > effect.replicas) return null
  return `The same advice was rejected as #${rejected.number}; that stands until ${rejected.expiresAt.toISOString()}.`
}

/** Why the new advice is another one, in words; null while it is the same. */
export function differs(proposalId: string, old: PlanContent, fresh: PlanContent): string | null {
  const moves = movesSince(bindingOf(proposalId, old), bindingOf(proposalId, fresh))
  if (moves.length > 0) return moves.join('; ')
  if (old.direction !== fresh.direction)
    return `the advice turned from ${old.direction} to ${fresh.direction}`
  const from = old.evidence.capacity.desiredReplicas
  const tolerance = Math.floor(Math.abs(old.effect.replicas - from) * sameShare)
  if (Math.abs(fresh.effect.replicas - old.effect.replicas) <= tolerance) return null
  return `the advice moved from ${old.effect.replicas} to ${fresh.effect.replicas} replicas`
}

export async function createProposal(
  tx: Tx,
  ctx: Context,
  { workloadId, forecastId, content, rollbackOfId }: ProposeInput & { rollbackOfId?: string },
): Promise<Proposal> {
  const id = ctx.ids.uuid()
  const now = ctx.clock.now()
  const proposal = await tx.proposal.create({
    data: {
      ...contentColumns(id, content),
      id,
      workloadId,
      kind: rollbackOfId ? 'rollback' : 'scale',
      purpose: content.purpose ?? 'capacity',
      touchedWorkloadIds: touchedWorkloads(workloadId, content),
      touchedTargetIds: touchedTargets(content),
      state: 'waiting',
      forecastId,
      basedOnId: rollbackOfId,
      createdAt: now,
      updatedAt: now,
    },
  })
  await announce(tx, { topic: 'proposal', id })
  await append(tx, ctx, {
    stage: 'governance',
    action: 'proposal.create',
    subject: `proposal/${id}`,
    body: {
      proposalNumber: proposal.number,
      workloadId,
      kind: proposal.kind,
      forecastId,
      rollbackOfId: rollbackOfId ?? null,
      summary: content.summary,
      contentHash: proposal.contentHash,
      planHash: contentHashOf(content),
      binding: bindingOf(id, content),
      actBy: content.actBy,
      expiresAt: content.expiresAt,
    },
  })
  return proposal
}

/**
 * An earlier surge makes it more urgent, a longer one keeps it useful. The revision stays: what is approved is the same,
 * and a decision that is being typed must not be refused for a moved deadline.
 */
async function moveDeadlines(tx: Tx, ctx: Context, waiting: Proposal, fresh: PlanContent): Promise<void> {
  const earlier = new Date(fresh.actBy) < waiting.actBy
  const longer = new Date(fresh.expiresAt) > waiting.expiresAt
  if (!earlier && !longer) return
  const actBy = earlier ? fresh.actBy : waiting.actBy.toISOString()
  const expiresAt = longer ? fresh.expiresAt : waiting.expiresAt.toISOString()
  await tx.proposal.updateMany({
    where: { id: waiting.id, state: 'waiting', revision: waiting.revision },
    data: {
      content: { ...storedContent(waiting.content), actBy, expiresAt },
      actBy: new Date(actBy),
      expiresAt: new Date(expiresAt),
      updatedAt: ctx.clock.now(),
    },
  })
  await announce(tx, { topic: 'proposal', id: waiting.id })
  await append(tx, ctx, {
    stage: 'governance',
    action: 'proposal.deadline',
    subject: `proposal/${waiting.id}`,
    body: { proposalNumber: waiting.number, actBy, expiresAt },
  })
}
