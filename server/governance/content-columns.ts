import type { Prisma } from '../kernel/db.ts'
import type { CapacitySnapshot, PlanContent } from '../plan/contract.ts'
import { expectedRegretUsd } from '../plan/index.ts'
import { bindingHash } from './binding.ts'
import { bindingOf } from './contract.ts'

/** The columns of a proposal that repeat its content, for lists that sort and search and never read the content itself. */
export function contentColumns(proposalId: string, content: PlanContent) {
  const { effect, evidence, actions } = content
  const { capacity, surge } = evidence
  const moved = movedBy(content)
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
    fromReplicas: moved?.from ?? capacity.desiredReplicas,
    toReplicas: moved?.to ?? effect.replicas,
    place: placeWords(moved?.pool ?? capacity),
    sloRiskBefore: effect.sloRiskBefore,
    sloRiskAfter: effect.sloRiskAfter,
    regretUsd: expectedRegretUsd(content),
    decideSeconds: Math.round(evidence.approvalLeadSeconds),
    actBy: new Date(content.actBy),
    expiresAt: new Date(content.expiresAt),
  } satisfies Prisma.ProposalUncheckedUpdateManyInput
}

/** The pool that the only action sets, and what it leads from and to, where that is another than the leading one. */
function movedBy({ actions, evidence }: PlanContent) {
  const [action, ...more] = actions
  if (action === undefined || more.length > 0) return null
  const pool = evidence.otherPools?.find(({ poolId }) => poolId === action.poolId)
  return pool ? { pool, from: action.fromReplicas, to: action.toReplicas } : null
}

const placeWords = ({ domain, offering }: CapacitySnapshot) => `${domain.title}, ${offering.hardwareClass}`
