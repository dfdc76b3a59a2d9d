import { z } from 'zod'
import type { Prisma } from '../kernel/db.ts'
import { directions, isSaga, purposes } from '../plan/contract.ts'
import type { DecisionDetail, DecisionRow, ProposalRow } from './contract.ts'
import {
  storedActor,
  storedApproval,
  storedBinding,
  storedContent,
  storedDifference,
  storedRehearsal,
  storedWaiver,
} from './stored.ts'
import { whoIs } from './words.ts'

const purposeNamed = z.enum(purposes)
const directionNamed = z.enum(directions)

const workloadFields = { id: true, name: true, title: true, environment: true } as const

/** All that a row of the inbox shows; the plan itself, which is large, is not among it. */
export const proposalSelect = {
  id: true,
  number: true,
  kind: true,
  purpose: true,
  state: true,
  revision: true,
  contentHash: true,
  touchedWorkloadIds: true,
  summary: true,
  direction: true,
  actionCount: true,
  fromReplicas: true,
  toReplicas: true,
  place: true,
  confidence: true,
  surgeProbability: true,
  sloRiskBefore: true,
  sloRiskAfter: true,
  costChangePerHourUsd: true,
  regretUsd: true,
  decideSeconds: true,
  surgeAt: true,
  actBy: true,
  expiresAt: true,
  createdAt: true,
  voidReason: true,
  newerAdvice: true,
  snoozedUntil: true,
  snoozedBy: true,
  counterId: true,
  overdueSince: true,
  workload: { select: { ...workloadFields, kind: true } },
  decisions: {
    where: { kind: { in: ['approve', 'override', 'endorse'] } },
    orderBy: { number: 'desc' },
    take: 10,
    select: { kind: true, revision: true, dispatch: { select: { state: true } } },
  },
} satisfies Prisma.ProposalSelect
export type ProposalWithRow = Prisma.ProposalGetPayload<{ select: typeof proposalSelect }>

/** `now`: a snooze that is over is none. */
export function proposalRow(
  {
    touchedWorkloadIds,
    decisions,
    purpose,
    direction,
    snoozedUntil,
    snoozedBy,
    counterId,
    overdueSince,
    ...proposal
  }: ProposalWithRow,
  now: Date,
): ProposalRow {
  const snoozed = snoozedUntil !== null && snoozedUntil > now
  return {
    ...proposal,
    purpose: purposeNamed.parse(purpose),
    direction: directionNamed.parse(direction),
    workloadCount: touchedWorkloadIds.length,
    surgeAt: proposal.surgeAt?.toISOString() ?? null,
    actBy: proposal.actBy.toISOString(),
    expiresAt: proposal.expiresAt.toISOString(),
    createdAt: proposal.createdAt.toISOString(),
    snoozedUntil: snoozed ? snoozedUntil.toISOString() : null,
    snoozedBy: snoozed ? snoozedBy : null,
    dispatchState: proposal.state === 'approved' ? (decisions[0]?.dispatch?.state ?? 'pending') : null,
    countered: counterId !== null,
    endorsements: endorsementsIn(proposal.state, proposal.revision, decisions),
    overdueSince: overdueSince?.toISOString() ?? null,
  }
}

function endorsementsIn(
  state: ProposalWithRow['state'],
  revision: number,
  decisions: ProposalWithRow['decisions'],
): number {
  if (state !== 'waiting') return 0
  return decisions.filter((decision) => decision.kind === 'endorse' && decision.revision === revision).length
}

/** What a row of the decision log needs beside the decision itself. */
export const decisionInclude = {
  proposal: { select: { number: true, workload: { select: workloadFields } } },
  dispatch: { select: { state: true } },
} satisfies Prisma.DecisionInclude
export type DecisionWithRow = Prisma.DecisionGetPayload<{ include: typeof decisionInclude }>

export function decisionRow(decision: DecisionWithRow): DecisionRow {
  const plan = storedContent(decision.sent ?? decision.seen)
  const proposed = isSaga(plan) ? 'other set-points' : storedContent(decision.seen).effect.replicas
  return {
    id: decision.id,
    number: decision.number,
    proposalId: decision.proposalId,
    proposalNumber: decision.proposal.number,
    kind: decision.kind,
    workload: decision.proposal.workload,
    who: whoIs(storedActor(decision.actor)),
    reason: decision.reason,
    summary: decision.sent === null ? plan.summary : `${plan.summary} (${proposed} proposed)`,
    costChangePerHourUsd: plan.effect.costChangePerHourUsd,
    at: decision.at.toISOString(),
    dispatchState: decision.dispatch?.state ?? (decision.nonce !== null ? 'pending' : null),
  }
}

/** `engineVerdicts` are read beside the row. */
export function decisionDetail(decision: DecisionWithRow): Omit<DecisionDetail, 'engineVerdicts'> {
  const approval = decision.kind === 'approve' || decision.kind === 'override'
  return {
    ...decisionRow(decision),
    seen: storedContent(decision.seen),
    sent: approval || decision.sent !== null ? storedContent(decision.sent ?? decision.seen) : null,
    difference: decision.difference === null ? null : storedDifference(decision.difference),
    waiver: decision.waiver === null ? null : storedWaiver(decision.waiver),
    binding: decision.binding === null ? null : storedBinding(decision.binding),
    contentHash: decision.contentHash,
    nonceUsedAt: decision.usedAt?.toISOString() ?? null,
    approval: decision.approval === null ? null : storedApproval(decision.approval),
    notBefore: decision.notBefore?.toISOString() ?? null,
    notAfter: decision.notAfter?.toISOString() ?? null,
    breakGlassId: decision.breakGlassId,
    rehearsal: decision.rehearsal === null ? null : storedRehearsal(decision.rehearsal),
  }
}
