import { append, contentHashOf } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { factsOf } from './approval-rules/facts.ts'
import { isAbout } from './approval-rules/match.ts'
import { approvalPolicyInForce } from './approval-rules/stored-policy.ts'
import { contentColumns } from './content-columns.ts'
import { bindingOf, type Proposed, type ProposeInput } from './contract.ts'
import { approvalInFlight, type Reach } from './in-flight.ts'
import { lockWorkloads } from './locks.ts'
import { noteNewerAdvice } from './newer-advice.ts'
import { askSoon } from './policy-engine/ask-soon.ts'
import { recordDecision } from './record-decision.ts'
import { asksForMore, differs, rankOf, sameQuestion, sameTargets } from './same-advice.ts'
import { storedContent } from './stored.ts'
import { touchedTargets, touchedWorkloads } from './touched.ts'
import { instant } from './words.ts'

/**
 * Puts a plan before the operators, in the caller's transaction. No two waiting proposals write the same target, and one of a
 * workload waits for each purpose. A waiting one stays as it is, under the reader's eyes, while the advice is the same: same
 * purpose, targets and direction, set-points within a tenth of the change, nothing bound has moved. In its first minute, while somebody may be reading it,
 * only a quarter more takes its place. Then only its deadlines
 * follow the newer forecast. Otherwise the new one takes the place of all that are in its way, unless one of those goes
 * before it (`rankOf`). Advice that a person rejected is not given again while the rejected proposal would have lived, unless
 * a rise now needs more than what was rejected. A rollback or a counter-proposal that waits is a person's wish and is not superseded; a counter-proposal then says what
 * the newer advice is. What is approved for a
 * window that has not begun is not proposed again, unless it needs more. While an
 * approval of a touched workload is on its way to a target, nothing is proposed: the plan could not know its effect.
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
  const observed = await onlyObserved(tx, workloadId, content)
  if (observed !== null) return { kind: 'held', reason: observed }
  const reach = reachOf(workloadId, content)
  // What is superseded may touch more workloads; all are locked at once, in their order.
  const near = await inTheWay(tx, workloadId, reach)
  await lockWorkloads(tx, [
    ...new Set([
      ...reach.touchedWorkloadIds,
      ...near.flatMap(({ touchedWorkloadIds }) => touchedWorkloadIds),
    ]),
  ])
  const inFlight = await approvalInFlight(tx, ctx, reach)
  if (inFlight) return { kind: 'held', reason: `#${inFlight.proposalNumber} is being carried out.` }

  const waiting = await inTheWay(tx, workloadId, reach)
  if (waiting.length === 0) {
    const refused =
      (await standingRejection(tx, ctx, input)) ?? (await standingSchedule(tx, ctx, reach, content))
    if (refused !== null) return { kind: 'held', reason: refused }
    return { kind: 'created', proposalId: (await createProposal(tx, ctx, input)).id }
  }
  const wished = waiting.find(({ kind, counterId }) => kind === 'rollback' || counterId !== null)
  if (wished) {
    if (isRenewedBy(wished, workloadId, content)) await noteNewerAdvice(tx, ctx, wished, content)
    return { kind: 'kept', proposalId: wished.id }
  }
  const before = waiting.find((other) => goesBefore(other, workloadId, content))
  if (before)
    return { kind: 'held', reason: `#${before.number} waits, writes the same target and goes first.` }

  const [first] = waiting
  const reason =
    first && differs(first.id, storedContent(first.content), content, isBeingRead(first, ctx.clock.now()))
  if (first && waiting.length === 1 && reason === null) {
    await moveDeadlines(tx, ctx, first, content)
    return { kind: 'kept', proposalId: first.id }
  }
  const created = await createProposal(tx, ctx, input)
  for (const other of waiting) {
    const why =
      differs(other.id, storedContent(other.content), content) ?? 'one proposal takes the place of several'
    await supersede(tx, ctx, other, created, `takes its place: ${why}`)
  }
  return { kind: 'superseded', proposalId: created.id, supersededId: first?.id ?? created.id }
}

/** So long after it came, a proposal is taken to be read: as long as people take to decide, which plans count with. */
const readingMs = { least: 60_000, most: 300_000 }

function isBeingRead({ createdAt, content }: Proposal, now: Date): boolean {
  const decideMs = storedContent(content).evidence.approvalLeadSeconds * 1_000
  return now.getTime() - createdAt.getTime() < Math.min(readingMs.most, Math.max(readingMs.least, decideMs))
}

/** What a plan would change, and why. */
export function reachOf(workloadId: string, content: PlanContent): Reach {
  return {
    purpose: content.purpose ?? 'capacity',
    touchedWorkloadIds: touchedWorkloads(workloadId, content),
    touchedTargetIds: touchedTargets(content),
  }
}

/** Waiting proposals that answer the same question, or write one of the same targets; oldest first. */
export async function inTheWay(tx: Tx, workloadId: string, reach: Reach): Promise<Proposal[]> {
  return tx.proposal.findMany({
    where: {
      state: 'waiting',
      OR: [
        { workloadId, purpose: { in: sameQuestion(reach.purpose) } },
        { touchedTargetIds: { hasSome: reach.touchedTargetIds } },
      ],
    },
    orderBy: { number: 'asc' },
  })
}

/** Whether a waiting proposal stays where a plan on the same target comes: another purpose that the plan does not outrank. */
function goesBefore(waiting: Proposal, workloadId: string, content: PlanContent): boolean {
  if (isRenewedBy(waiting, workloadId, content)) return false
  return rankOf(storedContent(waiting.content)) >= rankOf(content)
}

/** Whether a plan answers the same question about the same workload as what waits. */
function isRenewedBy(waiting: Proposal, workloadId: string, content: PlanContent): boolean {
  const purposes = sameQuestion(content.purpose ?? 'capacity')
  return waiting.workloadId === workloadId && purposes.includes(waiting.purpose)
}

/** Ends a waiting proposal in favour of another one. `why` goes on after the other's number. */
export async function supersede(
  tx: Tx,
  ctx: Context,
  old: Proposal,
  by: Proposal,
  why: string,
): Promise<void> {
  await recordDecision(tx, ctx, old, {
    event: 'supersede',
    reason: `#${by.number} ${why}.`,
    seen: storedContent(old.content),
    change: { supersededById: by.id },
  })
}

/** The capacity proposal of a workload that waits for a decision; null if none does. */
export async function waitingProposal(tx: Tx, workloadId: string): Promise<Proposal | null> {
  return tx.proposal.findFirst({
    where: { workloadId, state: 'waiting', purpose: { in: sameQuestion('capacity') } },
  })
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
    where: {
      workloadId,
      purpose: { in: sameQuestion(content.purpose ?? 'capacity') },
      state: 'rejected',
      kind: 'scale',
      expiresAt: { gt: ctx.clock.now() },
    },
    orderBy: { number: 'desc' },
  })
  if (rejected === null) return null
  const old = storedContent(rejected.content)
  if (old.direction !== content.direction || !sameTargets(old.actions, content.actions)) return null
  if (content.direction === 'up' && asksForMore(old, content)) return null
  return `The same advice was rejected as #${rejected.number}; that stands until ${rejected.expiresAt.toISOString()}.`
}

/** Which rule keeps what is planned from being proposed at all, in words; null where none does. */
async function onlyObserved(tx: Tx, workloadId: string, content: PlanContent): Promise<string | null> {
  const { automation } = await approvalPolicyInForce(tx)
  const observing = automation.filter(({ level }) => level === 'observe')
  if (observing.length === 0) return null
  const facts = await factsOf(tx, { workloadId, kind: 'scale', counterId: null }, content)
  const rule = observing.find((one) => isAbout(one, facts))
  return rule ? `Rule ${rule.name} has it observed: nothing is proposed.` : null
}

/** Which approval for a later window answers this plan already, in words; null when none does. */
async function standingSchedule(
  tx: Tx,
  ctx: Context,
  reach: Reach,
  content: PlanContent,
): Promise<string | null> {
  const found = await tx.decision.findFirst({
    where: {
      kind: { in: ['approve', 'override'] },
      usedAt: null,
      notAfter: { not: null },
      notBefore: { gt: ctx.clock.now() },
      proposal: { state: 'approved', touchedTargetIds: { hasSome: reach.touchedTargetIds } },
    },
    orderBy: { number: 'desc' },
    include: { proposal: { select: { number: true } } },
  })
  if (found === null) return null
  const old = storedContent(found.sent ?? found.seen)
  if (old.direction !== content.direction || !sameTargets(old.actions, content.actions)) return null
  if (asksForMore(old, content)) return null
  return `#${found.proposal.number} is approved and carried out at ${found.notBefore?.toISOString()}.`
}

/**
 * No two waiting proposals write the same target: one that comes back while another answers its question ends in favour of
 * that one. Returns whether it did.
 */
export async function supersededByWaiting(tx: Tx, ctx: Context, proposalId: string): Promise<boolean> {
  const back = await tx.proposal.findUniqueOrThrow({ where: { id: proposalId } })
  if (back.state !== 'waiting') return false
  const reach = reachOf(back.workloadId, storedContent(back.content))
  const [newer] = (await inTheWay(tx, back.workloadId, reach)).filter(({ id }) => id !== back.id)
  if (!newer) return false
  await supersede(tx, ctx, back, newer, 'answers the same question by now')
  return true
}

export async function createProposal(
  tx: Tx,
  ctx: Context,
  {
    id = ctx.ids.uuid(),
    workloadId,
    forecastId,
    content,
    rollbackOfId,
  }: ProposeInput & { id?: string; rollbackOfId?: string },
): Promise<Proposal> {
  const now = ctx.clock.now()
  const proposal = await tx.proposal.create({
    data: {
      ...contentColumns(id, content),
      id,
      workloadId,
      kind: rollbackOfId ? 'rollback' : 'scale',
      ...reachOf(workloadId, content),
      state: 'waiting',
      forecastId,
      basedOnId: rollbackOfId,
      createdAt: now,
      updatedAt: now,
    },
  })
  await askSoon(tx, ctx)
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

/** The least by which a deadline moves: every plan of a standing surge has it a few seconds elsewhere. */
const leastMoveMs = 60_000

/**
 * An earlier surge makes it more urgent, a longer one keeps it useful; past its act-by time the deadlines are those of now. All
 * else stays as the reader sees it, so that a decision is on just what was read, and what holds now stands beside it. The
 * revision stays: a decision that is being typed must not be refused for a moved deadline.
 */
async function moveDeadlines(tx: Tx, ctx: Context, waiting: Proposal, fresh: PlanContent): Promise<void> {
  const now = ctx.clock.now()
  const by = (from: Date, to: string) => Date.parse(to) - from.getTime()
  const overdue =
    waiting.actBy <= now && new Date(fresh.actBy) > now && by(waiting.actBy, fresh.actBy) >= leastMoveMs
  const earlier = overdue || by(waiting.actBy, fresh.actBy) <= -leastMoveMs
  // Advice that still stands does not run out between two moves.
  const ending = waiting.expiresAt.getTime() - now.getTime() < 2 * leastMoveMs
  const moved = by(waiting.expiresAt, fresh.expiresAt)
  const longer = moved >= leastMoveMs || (ending && moved > 0)
  if (!earlier && !longer) return
  const actBy = earlier ? fresh.actBy : waiting.actBy.toISOString()
  const expiresAt = longer ? fresh.expiresAt : waiting.expiresAt.toISOString()
  await tx.proposal.updateMany({
    where: { id: waiting.id, state: 'waiting', revision: waiting.revision },
    data: {
      content: { ...storedContent(waiting.content), actBy, expiresAt },
      actBy: new Date(actBy),
      expiresAt: new Date(expiresAt),
      ...(overdue ? { overdueSince: null } : {}),
      // Nobody put it off past what is now the last moment.
      ...(waiting.snoozedUntil && waiting.snoozedUntil > new Date(actBy)
        ? { snoozedUntil: new Date(actBy) }
        : {}),
      updatedAt: ctx.clock.now(),
    },
  })
  await announce(tx, { topic: 'proposal', id: waiting.id })
  await append(tx, ctx, {
    stage: 'governance',
    action: 'proposal.deadline',
    subject: `proposal/${waiting.id}`,
    body: {
      proposalNumber: waiting.number,
      ...{ actBy, expiresAt },
      note: [
        ...(earlier ? [`act by ${instant(new Date(actBy))}, was ${instant(waiting.actBy)}`] : []),
        ...(longer
          ? [`useful until ${instant(new Date(expiresAt))}, was ${instant(waiting.expiresAt)}`]
          : []),
      ].join('; '),
    },
  })
}
