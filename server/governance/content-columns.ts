import type { Prisma } from '../kernel/db.ts'
import type { PlanContent } from '../plan/contract.ts'
import { expectedRegretUsd } from '../plan/index.ts'
import { bindingHash } from './binding.ts'
import { bindingOf } from './contract.ts'

/** The columns of a proposal that repeat its content, for lists that sort and search and never read the content itself. */
export function contentColumns(proposalId: string, content: PlanContent) {
  const { effect, evidence, actions } = content
  const { capacity, surge } = evidence
  return {
    content,
    contentHash: bindingHash(bindingOf(proposalId, content)),
    summary: content.summary,
    confidence: content.confidence,
    costChangePerHourUsd: effect.costChangePerHourUsd,
    surgeAt: surge ? new Date(surge.startsAt) : null,
    surgeProbability: surge?.probability ?? null,
    direction: content.direction,
    actionCount: actions.length,
    fromReplicas: capacity.desiredReplicas,
    toReplicas: effect.replicas,
    place: `${capacity.domain.title}, ${capacity.offering.hardwareClass}`,
    sloRiskBefore: effect.sloRiskBefore,
    sloRiskAfter: effect.sloRiskAfter,
    regretUsd: expectedRegretUsd(content),
    decideSeconds: Math.round(evidence.approvalLeadSeconds),
    actBy: new Date(content.actBy),
    expiresAt: new Date(content.expiresAt),
  } satisfies Prisma.ProposalUncheckedUpdateManyInput
}
