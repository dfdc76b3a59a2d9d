import type { Tx } from '../../kernel/db.ts'
import type { LearnedTime } from '../contract.ts'
import { type DeclaredTime, learnTime } from '../models/learned-time.ts'

/** The newest of each are learned from: what was true long ago need not be now. */
const newestLeads = 100
const newestDecisions = 50
/** Beyond this many times the declared time, or this many seconds, it is the declaration that must change. */
const mostTimesDeclared = 4
const mostSeconds = 1_800

/**
 * Provisioning leads of offerings, from rises that were carried out: write accepted → all of it seen ready. Readiness is
 * looked for ever more rarely, so a lead reads up to a quarter too long. Offerings without any are absent.
 */
export async function learnedLeads(
  tx: Tx,
  declared: ReadonlyMap<string, DeclaredTime>,
): Promise<Map<string, LearnedTime>> {
  const ids = [...declared.keys()]
  if (ids.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ offeringId: string; seconds: number }[]>`
    SELECT "offeringId", seconds FROM (
      SELECT
        p."offeringId",
        extract(epoch FROM a."verifiedAt" - a."appliedAt")::float8 AS seconds,
        row_number() OVER (PARTITION BY p."offeringId" ORDER BY a."verifiedAt" DESC) AS newest
      FROM "DispatchAction" a
      JOIN "Pool" p ON p."targetId" = a."targetId"
      JOIN "Dispatch" dispatch ON dispatch."id" = a."dispatchId"
      JOIN "Decision" decision ON decision."id" = dispatch."decisionId"
      CROSS JOIN LATERAL (SELECT decision."binding" -> 'actions' -> a."position" AS action) AS bound
      WHERE p."offeringId" = ANY(${ids}::uuid[]) AND a."verifiedAt" IS NOT NULL AND a."appliedAt" IS NOT NULL
        AND p."control" <> 'size' AND (bound.action ->> 'toReplicas')::float8 > (bound.action ->> 'fromReplicas')::float8
    ) AS leads WHERE newest <= ${newestLeads}`
  const byOffering = Map.groupBy(rows, ({ offeringId }) => offeringId)
  return new Map(
    [...declared].flatMap(([id, terms]) => {
      const measured = byOffering.get(id)
      return measured
        ? [
            [
              id,
              learnTime(
                measured.map(({ seconds }) => seconds),
                terms,
              ),
            ] as const,
          ]
        : []
    }),
  )
}

/**
 * How long people take from a proposal of this workload to their decision, shrunk to what the policy declares; null while
 * nobody decided anything. What nobody decided before it expired is not among them, so long times are underrated.
 */
export async function learnedApproval(
  tx: Tx,
  workloadId: string,
  declaredSeconds: number,
): Promise<LearnedTime | null> {
  const rows = await tx.decision.findMany({
    where: {
      proposal: { workloadId },
      userId: { not: null },
      kind: { in: ['approve', 'override', 'reject'] },
    },
    orderBy: { at: 'desc' },
    take: newestDecisions,
    select: { at: true, proposal: { select: { createdAt: true } } },
  })
  if (rows.length === 0) return null
  const seconds = rows.map(({ at, proposal }) => (at.getTime() - proposal.createdAt.getTime()) / 1_000)
  const learned = learnTime(seconds, { p50Seconds: declaredSeconds, p90Seconds: declaredSeconds })
  const most = Math.max(mostSeconds, mostTimesDeclared * declaredSeconds)
  return {
    ...learned,
    p50Seconds: Math.min(most, learned.p50Seconds),
    p90Seconds: Math.min(most, learned.p90Seconds),
  }
}
