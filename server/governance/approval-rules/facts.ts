import { Prisma, type Tx } from '../../kernel/db.ts'
import type { Proposal } from '../../kernel/generated/client.ts'
import { type Reading, read, reading } from '../../kernel/reading.ts'
import type { PlanContent } from '../../plan/contract.ts'
import { touchedPools } from '../contract.ts'
import { touchedWorkloads } from '../touched.ts'
import type { AutomationLevelName, Origin } from './contract.ts'
import type { ApprovalFacts } from './match.ts'

/** What of a proposal decides who has to say yes to it, and what happens if nobody does. */
export type AskedProposal = Pick<
  Proposal,
  'id' | 'workloadId' | 'kind' | 'state' | 'revision' | 'contentHash' | 'counterId' | 'actBy' | 'expiresAt'
>
type Of = Pick<Proposal, 'workloadId' | 'kind' | 'counterId'>

/** The facts, and the level that each workload's own policy allows. */
export type KnownFacts = ApprovalFacts & { bounds: { name: string; level: AutomationLevelName }[] }
type Touched = ApprovalFacts['workloads'][number] & { level: AutomationLevelName | null }

/** What a proposal with this content is to the rules of approval, as things stand now. */
export function approvalFacts(proposal: Of, content: PlanContent): Reading<KnownFacts> {
  const ids = Prisma.sql`${touchedWorkloads(proposal.workloadId, content)}::uuid[]`
  const offeringIds = touchedPools(content).map(({ offering }) => offering.id)
  // Other workloads that stand at an offering that the content changes: its blast radius.
  const query = Prisma.sql`
    SELECT json_build_object(
      'touched', (
        SELECT json_agg(json_build_object('name', w."name", 'team', w."team", 'environment', w."environment",
          'dataClassification', w."dataClassification", 'level', (
            SELECT v."automationLevel" FROM "WorkloadPolicy" v WHERE v."workloadId" = w."id"
            ORDER BY v."version" DESC LIMIT 1)) ORDER BY w."name")
        FROM "Workload" w WHERE w."id" = ANY(${ids})),
      'sharedWith', (
        SELECT count(DISTINCT p."workloadId") FROM "Pool" p JOIN "Workload" w ON w."id" = p."workloadId"
        WHERE p."offeringId" = ANY(${offeringIds}::uuid[]) AND p."workloadId" <> ALL(${ids}) AND w."endedAt" IS NULL))`
  return reading(query, ({ touched, sharedWith }: { touched: Touched[] | null; sharedWith: number }) => ({
    workloads: (touched ?? []).map(({ level: _, ...workload }) => workload),
    bounds: (touched ?? []).map(({ name, level }) => ({ name, level: level ?? 'observe' })),
    kinds: [...new Set(content.actions.map(({ kind }) => kind))],
    origin: originOf(proposal),
    costChangePerHourUsd: content.effect.costChangePerHourUsd,
    sharedWith,
  }))
}

export async function factsOf(tx: Tx, proposal: Of, content: PlanContent): Promise<KnownFacts> {
  return read(tx, approvalFacts(proposal, content))
}

export function originOf({ kind, counterId }: Pick<Of, 'kind' | 'counterId'>): Origin {
  if (counterId !== null) return 'override'
  return kind === 'rollback' ? 'rollback' : 'proposed'
}
