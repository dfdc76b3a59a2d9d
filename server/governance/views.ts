import type { Prisma } from '../kernel/db.ts'
import { isSaga } from '../plan/contract.ts'
import type { DecisionDetail, DecisionRow, ProposalRow } from './contract.ts'
import { storedActor, storedBinding, storedContent, storedDifference, storedWaiver } from './stored.ts'
import { whoIs } from './words.ts'

const workloadFields = { id: true, name: true, title: true, environment: true } as const

/** What a row of the inbox needs beside the proposal itself. */
export const proposalInclude = {
  workload: { select: { ...workloadFields, kind: true } },
  decisions: {
    where: { kind: { in: ['approve', 'override'] } },
    orderBy: { number: 'desc' },
    take: 1,
    select: { dispatch: { select: { state: true } } },
  },
} satisfies Prisma.ProposalInclude
export type ProposalWithRow = Prisma.ProposalGetPayload<{ include: typeof proposalInclude }>

export function proposalRow(proposal: ProposalWithRow): ProposalRow {
  const content = storedContent(proposal.content)
  const { evidence, effect, direction, actions } = content
  const { capacity, surge } = evidence
  return {
    id: proposal.id,
    number: proposal.number,
    kind: proposal.kind,
    purpose: content.purpose ?? 'capacity',
    actionCount: actions.length,
    workloadCount: proposal.touchedWorkloadIds.length,
    state: proposal.state,
    revision: proposal.revision,
    workload: proposal.workload,
    summary: proposal.summary,
    direction,
    fromReplicas: capacity.desiredReplicas,
    toReplicas: effect.replicas,
    place: `${capacity.domain.title}, ${capacity.offering.hardwareClass}`,
    confidence: proposal.confidence,
    surgeProbability: surge?.probability ?? null,
    sloRiskBefore: effect.sloRiskBefore,
    sloRiskAfter: effect.sloRiskAfter,
    costChangePerHourUsd: proposal.costChangePerHourUsd,
    surgeAt: proposal.surgeAt?.toISOString() ?? null,
    actBy: proposal.actBy.toISOString(),
    expiresAt: proposal.expiresAt.toISOString(),
    createdAt: proposal.createdAt.toISOString(),
    voidReason: proposal.voidReason,
    dispatchState:
      proposal.state === 'approved' ? (proposal.decisions[0]?.dispatch?.state ?? 'pending') : null,
  }
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

export function decisionDetail(decision: DecisionWithRow): DecisionDetail {
  const approval = decision.kind === 'approve' || decision.kind === 'override'
  return {
    ...decisionRow(decision),
    seen: storedContent(decision.seen),
    sent: approval ? storedContent(decision.sent ?? decision.seen) : null,
    difference: decision.difference === null ? null : storedDifference(decision.difference),
    waiver: decision.waiver === null ? null : storedWaiver(decision.waiver),
    binding: decision.binding === null ? null : storedBinding(decision.binding),
    contentHash: decision.contentHash,
    nonceUsedAt: decision.usedAt?.toISOString() ?? null,
  }
}
