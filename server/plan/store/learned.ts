import { Prisma, type Tx } from '../../kernel/db.ts'
import { type Reading, read, reading } from '../../kernel/reading.ts'
import type { LearnedTime } from '../contract.ts'
import { type DeclaredTime, learnTime } from '../models/learned-time.ts'

/** The newest of each are learned from: what was true long ago need not be now, and may be any number. */
const newestChanges = 200
const newestLeads = 100
const newestDecisions = 50
const newestProposals = 1_000
/** Beyond this many times the declared time, or this many seconds, it is the declaration that must change. */
const mostTimesDeclared = 4
const mostSeconds = 1_800

/**
 * A query of the provisioning leads of one offering in seconds, from rises among its newest changes that were carried out: write
 * accepted → all of it seen ready. Readiness is looked for ever more rarely, so a lead reads up to a quarter too long.
 */
export function leadsAt(offeringId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    SELECT json_agg(seconds) FROM (
      SELECT extract(epoch FROM a."verifiedAt" - a."appliedAt")::float8 AS seconds
      FROM (
        SELECT done.* FROM "Pool" p CROSS JOIN LATERAL (
          SELECT a."dispatchId", a."position", a."appliedAt", a."verifiedAt" FROM "DispatchAction" a
          WHERE a."targetId" = p."targetId" AND a."verifiedAt" IS NOT NULL AND a."appliedAt" IS NOT NULL
          ORDER BY a."verifiedAt" DESC LIMIT ${newestChanges}::int) AS done
        WHERE p."offeringId" = ${offeringId} AND p."control" <> 'size'
        ORDER BY done."verifiedAt" DESC LIMIT ${newestChanges}::int) AS a
      JOIN "Dispatch" x ON x."id" = a."dispatchId"
      JOIN "Decision" d ON d."id" = x."decisionId"
      CROSS JOIN LATERAL (SELECT d."binding" -> 'actions' -> a."position" AS action) AS bound
      WHERE (bound.action ->> 'toReplicas')::float8 > (bound.action ->> 'fromReplicas')::float8
      ORDER BY a."verifiedAt" DESC LIMIT ${newestLeads}::int) AS leads`
}

/**
 * How long people took from proposals of workloads to their newest decisions, in seconds, by workload. What nobody decided before
 * it expired is not among them, so long times are underrated.
 */
export function approvalTimes(workloadIds: readonly string[]): Reading<Map<string, number[]>> {
  const query = Prisma.sql`
    SELECT json_object_agg(w."id", (
      SELECT json_agg(extract(epoch FROM newest."at" - newest."createdAt")::float8) FROM (
        SELECT d."at", p."createdAt" FROM (
          SELECT p."id", p."createdAt" FROM "Proposal" p
          WHERE p."workloadId" = w."id" ORDER BY p."createdAt" DESC LIMIT ${newestProposals}::int) AS p
        CROSS JOIN LATERAL (
          SELECT d."at" FROM "Decision" d WHERE d."proposalId" = p."id" AND d."userId" IS NOT NULL
            AND d."kind" IN ('approve', 'override', 'reject') OFFSET 0) AS d
        ORDER BY d."at" DESC LIMIT ${newestDecisions}::int) AS newest))
    FROM unnest(${[...workloadIds]}::uuid[]) AS w("id")`
  return reading(
    query,
    (times: Record<string, number[] | null> | null) =>
      new Map(Object.entries(times ?? {}).map(([id, seconds]) => [id, seconds ?? []])),
  )
}

/** How long an approval takes: what was measured, shrunk to what the policy declares; null while nobody decided anything. */
export function approvalTime(
  measuredSeconds: readonly number[],
  declaredSeconds: number,
): LearnedTime | null {
  if (measuredSeconds.length === 0) return null
  const learned = learnTime(measuredSeconds, { p50Seconds: declaredSeconds, p90Seconds: declaredSeconds })
  const most = Math.max(mostSeconds, mostTimesDeclared * declaredSeconds)
  return {
    ...learned,
    p50Seconds: Math.min(most, learned.p50Seconds),
    p90Seconds: Math.min(most, learned.p90Seconds),
  }
}

/** The same of one workload, as it is known now. */
export async function learnedApproval(
  tx: Tx,
  workloadId: string,
  declaredSeconds: number,
): Promise<LearnedTime | null> {
  const times = await read(tx, approvalTimes([workloadId]))
  return approvalTime(times.get(workloadId) ?? [], declaredSeconds)
}

/** A lead as it is learned; null where nothing was measured. */
export function leadTime(measuredSeconds: readonly number[], declared: DeclaredTime): LearnedTime | null {
  return measuredSeconds.length === 0 ? null : learnTime(measuredSeconds, declared)
}
