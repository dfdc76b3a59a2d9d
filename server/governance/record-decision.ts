import { appending, contentHashOf } from '../audit/index.ts'
import { announcing } from '../kernel/bus.ts'
import { actorUserId, type Context } from '../kernel/context.ts'
import { Prisma, type Tx } from '../kernel/db.ts'
import { ConflictError, ForbiddenError } from '../kernel/errors.ts'
import type { Decision, Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { bindingHash } from './binding.ts'
import {
  type ApprovalRecord,
  bindingOf,
  type DecisionKindName,
  type Difference,
  type ProposalStateName,
  type Waiver,
} from './contract.ts'
import { decidedConflict } from './open-proposal.ts'
import { askSoon } from './policy-engine/ask-soon.ts'
import { rehearsalOf } from './rehearsal.ts'
import { type EventName, type Stage, transition } from './state-machine.ts'

export type Verdict = {
  /** Of the decision; made here unless given. */
  id?: string
  event: Exclude<EventName, 'redeem'>
  reason: string | null
  /** What the decider saw of the proposal. */
  seen: PlanContent
  /** What is sent instead of what was seen; for an override. */
  sent?: PlanContent
  difference?: Difference
  /** Soft-mandatory rules that the decider let pass. */
  waiver?: Waiver | null
  /** Groups that the decider belongs to. */
  groups?: string[]
  /** The window of a yes that does not complete the approval. */
  notBefore?: Date | null
  notAfter?: Date | null
  /** Of what approves: who gave it, when it may be carried out, and under whose broken glass. */
  approval?: { record: ApprovalRecord; notBefore: Date; notAfter: Date | null; breakGlassId: string | null }
  /** What else of the proposal changes with its state. */
  change?: Prisma.ProposalUncheckedUpdateManyInput
}

/** What of a proposal is told when its state changes. */
type DecidedProposal = Pick<Proposal, 'id' | 'number' | 'workloadId' | 'state' | 'revision' | 'contentHash'>

const kinds: Record<Verdict['event'], DecisionKindName> = {
  approve: 'approve',
  override: 'override',
  reject: 'reject',
  expire: 'expire',
  withdraw: 'expire',
  supersede: 'supersede',
  void: 'void',
  endorse: 'endorse',
  counter: 'counter',
  undo: 'undo',
  hold: 'hold',
}
const states: Record<Exclude<Stage, 'redeemed'>, ProposalStateName> = {
  waiting: 'waiting',
  approved: 'approved',
  rejected: 'rejected',
  expired: 'expired',
  superseded: 'superseded',
}

/**
 * The one place where a proposal changes its state: asks the state machine, updates on condition of state and revision,
 * keeps the decision, announces it and appends to the log. For an approval it also binds the content, makes the one-time
 * nonce and sends the job. All in the caller's transaction.
 * @throws ForbiddenError if a person's decision is not made by a person, ConflictError for whoever comes second.
 */
export async function recordDecision(
  tx: Tx,
  ctx: Context,
  proposal: DecidedProposal,
  verdict: Verdict,
): Promise<Decision> {
  const to = nextState(ctx, proposal, verdict.event)
  const at = ctx.clock.now()
  const { count } = await tx.proposal.updateMany({
    where: { id: proposal.id, state: proposal.state, revision: proposal.revision },
    // A yes that others have to join leaves the proposal as they see it.
    data:
      verdict.event === 'endorse'
        ? { updatedAt: at }
        : { ...verdict.change, state: to, revision: { increment: 1 }, updatedAt: at },
  })
  if (count === 0) throw await decidedConflict(tx, proposal)

  const { approval } = verdict
  if ((to === 'approved') !== (approval !== undefined))
    throw new Error(`"${verdict.event}" of #${proposal.number} and what it approves do not go together.`)
  const binding = bindingOf(proposal.id, verdict.sent ?? verdict.seen)
  const bound = approval !== undefined || verdict.event === 'counter'
  const rehearsal = personalEvents.includes(verdict.event) ? await rehearsalOf(tx, proposal) : null
  const decision = await tx.decision.create({
    data: {
      id: verdict.id ?? ctx.ids.uuid(),
      proposalId: proposal.id,
      kind: kinds[verdict.event],
      userId: actorUserId(ctx.actor),
      actor: ctx.actor,
      reason: verdict.reason,
      seen: verdict.seen,
      sent: verdict.sent,
      difference: verdict.difference,
      waiver: verdict.waiver ?? undefined,
      binding: approval ? binding : undefined,
      contentHash: bound ? bindingHash(binding) : proposal.contentHash,
      nonce: approval ? ctx.ids.nonce() : null,
      groups: verdict.groups ?? [],
      revision: proposal.revision,
      approval: approval?.record,
      notBefore: approval?.notBefore ?? verdict.notBefore,
      notAfter: approval?.notAfter ?? verdict.notAfter,
      breakGlassId: approval?.breakGlassId,
      ...(rehearsal === null ? {} : { rehearsal }),
      at,
    },
  })
  if (to === 'waiting' && verdict.change?.contentHash !== undefined) await askSoon(tx, ctx)
  if (approval) await sendDispatch(tx, ctx, decision.id, approval.notBefore)
  const entry = appending(ctx, {
    stage: 'governance',
    action: `proposal.${verdict.event}`,
    subject: `proposal/${proposal.id}`,
    body: {
      proposalNumber: proposal.number,
      workloadId: proposal.workloadId,
      decisionId: decision.id,
      decisionNumber: decision.number,
      from: proposal.state,
      to,
      reason: verdict.reason,
      contentHash: decision.contentHash,
      seenHash: contentHashOf(verdict.seen),
      sentHash: verdict.sent ? contentHashOf(verdict.sent) : null,
      difference: verdict.difference ?? null,
      waiver: verdict.waiver ?? null,
      binding: approval ? binding : null,
      nonce: decision.nonce,
      groups: decision.groups,
      approval: approval?.record ?? null,
      notBefore: decision.notBefore?.toISOString() ?? null,
      notAfter: decision.notAfter?.toISOString() ?? null,
      breakGlassId: decision.breakGlassId,
      rehearsal,
    },
  })
  const told = [
    announcing({ topic: 'proposal', id: proposal.id }),
    announcing({ topic: 'decision', id: decision.id }),
  ]
  // The log last: until the commit everybody else waits for it.
  await tx.$executeRaw`SELECT ${Prisma.join([...told, entry])}`
  return decision
}

/** Not before the hold is over, or its window begins. */
async function sendDispatch(tx: Tx, ctx: Context, decisionId: string, notBefore: Date): Promise<void> {
  const seconds = Math.ceil((notBefore.getTime() - ctx.clock.now().getTime()) / 1_000)
  await ctx.queue.send(tx, 'dispatch', { decisionId }, seconds > 0 ? { startAfterSeconds: seconds } : {})
}

const personalEvents: readonly Verdict['event'][] = [
  'approve',
  'override',
  'reject',
  'endorse',
  'counter',
  'undo',
]

function nextState(ctx: Context, proposal: DecidedProposal, event: Verdict['event']): ProposalStateName {
  const personal = personalEvents.includes(event)
  const isRule = ctx.actor.kind === 'rule'
  const by = isRule ? 'rule' : personal && actorUserId(ctx.actor) !== null ? 'person' : 'system'
  // A redeemed approval never gets here: redeem refuses it before it records anything.
  const next = transition(proposal.state, { name: event, by })
  if (next.kind === 'moved' && next.to !== 'redeemed') return states[next.to]
  const reason = next.kind === 'refused' ? next.reason : 'only dispatch redeems'
  if (personal && by === 'system') throw new ForbiddenError(`Nobody but a person decides: ${reason}.`)
  throw new ConflictError(`#${proposal.number}: ${reason}.`)
}
