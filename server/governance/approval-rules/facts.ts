import type { Tx } from '../../kernel/db.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { touchedPools } from '../contract.ts'
import { touchedWorkloads } from '../touched.ts'
import type { Origin } from './contract.ts'
import type { ApprovalFacts } from './match.ts'

/** What of a proposal decides who has to say yes to it, and what happens if nobody does. */
export type AskedProposal = Pick<
  Proposal,
  'id' | 'workloadId' | 'kind' | 'state' | 'revision' | 'contentHash' | 'counterId' | 'actBy' | 'expiresAt'
>
type Of = Pick<Proposal, 'workloadId' | 'kind' | 'counterId'>

/** What a proposal with this content is to the rules of approval, as things stand now. */
export async function factsOf(tx: Tx, proposal: Of, content: PlanContent): Promise<ApprovalFacts> {
  const workloads = await tx.workload.findMany({
    where: { id: { in: touchedWorkloads(proposal.workloadId, content) } },
    select: { name: true, team: true, environment: true, dataClassification: true },
  })
  return {
    workloads,
    kinds: [...new Set(content.actions.map(({ kind }) => kind))],
    origin: originOf(proposal),
    costChangePerHourUsd: content.effect.costChangePerHourUsd,
    sharedWith: await countMates(tx, proposal.workloadId, content),
  }
}

export function originOf({ kind, counterId }: Pick<Of, 'kind' | 'counterId'>): Origin {
  if (counterId !== null) return 'override'
  return kind === 'rollback' ? 'rollback' : 'proposed'
}

/** How many other workloads stand at an offering that the content changes: its blast radius. */
async function countMates(tx: Tx, workloadId: string, content: PlanContent): Promise<number> {
  const offeringIds = touchedPools(content).map(({ offering }) => offering.id)
  return tx.workload.count({
    where: {
      id: { notIn: touchedWorkloads(workloadId, content) },
      endedAt: null,
      pools: { some: { offeringId: { in: offeringIds } } },
    },
  })
}
