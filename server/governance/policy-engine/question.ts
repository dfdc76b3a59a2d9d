import type { Tx } from '../../kernel/db.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import { controlOf, type PlanContent, unitOf } from '../../plan/contract.ts'
import { originOf } from '../approval-rules/facts.ts'
import { bindingHash } from '../binding.ts'
import { bindingOf } from '../contract.ts'
import { touchedWorkloads } from '../touched.ts'
import {
  type EngineApprover,
  type EngineDecision,
  type EngineQuestion,
  type EngineWorkload,
  engineInputFormat,
} from './contract.ts'

/** A proposal, or one that is about to be made. */
export type Questioned = Pick<Proposal, 'id' | 'kind' | 'workloadId' | 'counterId' | 'basedOnId'> & {
  number: number | null
}

/** One matter that the engine is asked about. */
export type Matter = {
  proposal: Questioned
  content: PlanContent
  decision: EngineDecision
  approvers: EngineApprover[]
  /** Whether a yes of a minute ago to the same matter is enough, whoever had it asked for. */
  recentIsEnough?: boolean
}

/** The question of a matter, from what the plan was made of; only the workloads are as they are now. */
export async function questionOf(tx: Tx, matter: Matter): Promise<EngineQuestion> {
  const { proposal, content, decision, approvers } = matter
  const { effect, evidence } = content
  const touched = await workloadsOf(tx, touchedWorkloads(proposal.workloadId, content))
  const named = (id: string): EngineWorkload =>
    touched.get(id) ?? { name: id, team: '', environment: '', dataClassification: '' }
  const base =
    proposal.basedOnId === null
      ? null
      : await tx.proposal.findUnique({ where: { id: proposal.basedOnId }, select: { number: true } })
  return {
    format: engineInputFormat,
    decision,
    proposal: {
      id: proposal.id,
      number: proposal.number,
      origin: originOf(proposal),
      rollbackOf: base?.number ?? null,
      purpose: content.purpose ?? 'capacity',
      summary: content.summary,
    },
    workload: named(proposal.workloadId),
    touched: [...touched.values()],
    actions: actionsOf(proposal.workloadId, content, named),
    cost: {
      perHourUsd: effect.costPerHourUsd,
      changePerHourUsd: effect.costChangePerHourUsd,
      peakPerHourUsd: effect.peakCostPerHourUsd ?? null,
    },
    carbonChangeGPerHour: effect.carbonChangeGPerHour,
    sloRisk: { before: effect.sloRiskBefore, after: effect.sloRiskAfter },
    confidence: content.confidence,
    approvers,
    contentHash: bindingHash(bindingOf(proposal.id, content)),
    policyVersion: evidence.policy.version,
    ruleSetVersion: evidence.ruleSetVersion ?? 0,
  }
}

function actionsOf(
  workloadId: string,
  { actions, evidence: { capacity, otherPools = [] } }: PlanContent,
  named: (id: string) => EngineWorkload,
): EngineQuestion['actions'] {
  const pools = new Map([capacity, ...otherPools].map((pool) => [pool.targetId, pool]))
  return actions.map((action) => {
    const pool = pools.get(action.targetId)
    return {
      kind: action.kind,
      stage: action.stage ?? 0,
      workload: named(action.workloadId ?? workloadId).name,
      target: action.targetName,
      unit: unitOf[controlOf[action.kind]],
      before: action.fromReplicas,
      after: action.toReplicas,
      domain: action.domainName,
      region: action.region,
      jurisdiction: pool?.domain.jurisdiction ?? null,
      securityTier: pool?.domain.securityTier ?? null,
      offering: {
        hardwareClass: action.hardwareClass,
        market: pool?.offering.market ?? null,
        pricePerReplicaHourUsd: pool?.offering.pricePerReplicaHourUsd ?? null,
      },
    }
  })
}

async function workloadsOf(tx: Tx, ids: string[]): Promise<Map<string, EngineWorkload>> {
  const rows = await tx.workload.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true, team: true, environment: true, dataClassification: true },
    orderBy: { id: 'asc' },
  })
  return new Map(rows.map(({ id, ...workload }) => [id, workload]))
}
