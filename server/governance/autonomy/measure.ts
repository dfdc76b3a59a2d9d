import type { Tx } from '../../kernel/db.ts'
import type { ActionKind } from '../../plan/contract.ts'
import { actionKinds } from '../../plan/contract.ts'
import type { EarnedThresholds } from '../approval-rules/contract.ts'
import type { ClassMeasures, MeasureStanding } from './contract.ts'
import type { ActionClass } from './earned.ts'

const dayMs = 86_400_000
/** What of minutes is nothing, in a difference of two sums. */
const roundingMinutes = 1e-6

type Counted = {
  workloadId: string
  kind: string
  decisions: bigint
  others: bigint
  disagreed: bigint
  outcomes: bigint
  good: bigint
}

export type Measured = ActionClass & { measures: ClassMeasures }

/**
 * What every class showed in the window until `now`: decisions of people, outcomes of people's and of rules' decisions alike,
 * and how many of the workload's stated 90% intervals held. `of`: only these classes, also where nothing happened. `without`: a person
 * whose decisions are not counted among those of people; in the shares they are.
 */
export async function measureClasses(
  tx: Tx,
  { windowDays }: EarnedThresholds,
  now: Date,
  of?: readonly ActionClass[],
  without: string | null = null,
): Promise<Measured[]> {
  const from = new Date(now.getTime() - windowDays * dayMs)
  const counted = await countedIn(tx, from, now, without)
  const found = new Map(counted.map((row) => [`${row.workloadId}/${row.kind}`, row]))
  const classes =
    of ?? counted.flatMap(({ workloadId, kind }) => (isKind(kind) ? [{ workloadId, kind }] : []))
  const coverages = new Map<string, Coverage>()
  for (const id of new Set(classes.map(({ workloadId }) => workloadId)))
    coverages.set(id, await coverageOf(tx, id, from, now))
  return classes.map(({ workloadId, kind }) => {
    const row = found.get(`${workloadId}/${kind}`)
    const decisions = Number(row?.decisions ?? 0)
    const outcomes = Number(row?.outcomes ?? 0)
    const covered = coverages.get(workloadId) ?? none
    return {
      workloadId,
      kind,
      measures: {
        from: from.toISOString(),
        to: now.toISOString(),
        decisions: Number(row?.others ?? 0),
        coverage: covered.share,
        coverageCount: covered.count,
        overrideRate: decisions === 0 ? null : Number(row?.disagreed ?? 0) / decisions,
        outcomes,
        goodOutcomes: outcomes === 0 ? null : Number(row?.good ?? 0) / outcomes,
      },
    }
  })
}

const isKind = (kind: string): kind is ActionKind => actionKinds.some((known) => known === kind)

/**
 * A proposal counts once, and not for a yes that was undone: nobody earns anything by saying it again and again. What was carried
 * out is an outcome once its entry in the ledger is final, or it failed or is taken back.
 */
async function countedIn(tx: Tx, from: Date, to: Date, without: string | null): Promise<Counted[]> {
  return tx.$queryRaw<Counted[]>`
    WITH decided AS (
      SELECT d."id", d."proposalId", d."kind", d."userId", x."state"::text AS state, l."violationVsReactiveMinutes" AS minutes,
        coalesce(l."final", false) AS final,
        coalesce(a->>'workloadId', p."workloadId"::text) AS "workloadId", a->>'kind' AS action,
        EXISTS (SELECT 1 FROM "Proposal" r WHERE r."basedOnId" = p."id" AND r."state" = 'approved') AS back
      FROM "Decision" d
      JOIN "Proposal" p ON p."id" = d."proposalId" AND p."kind" = 'scale'
      LEFT JOIN "Dispatch" x ON x."decisionId" = d."id"
      LEFT JOIN "LedgerEntry" l ON l."decisionId" = d."id"
      CROSS JOIN LATERAL jsonb_array_elements(p."content"->'actions') a
      WHERE d."at" >= ${from} AND d."at" <= ${to} AND d."kind" IN ('approve', 'override', 'reject')
        AND (SELECT n."kind" FROM "Decision" n WHERE n."proposalId" = d."proposalId" AND n."number" > d."number"
          ORDER BY n."number" LIMIT 1) IS DISTINCT FROM 'undo'
    )
    SELECT "workloadId", action AS kind,
      count(DISTINCT "proposalId") FILTER (WHERE "userId" IS NOT NULL) AS decisions,
      count(DISTINCT "proposalId") FILTER (WHERE "userId" IS NOT NULL AND "userId" IS DISTINCT FROM ${without}::uuid) AS others,
      count(DISTINCT "proposalId") FILTER (WHERE "userId" IS NOT NULL AND "kind" <> 'approve') AS disagreed,
      count(DISTINCT "id") FILTER (WHERE state IN ('failed', 'rolled_back') OR (state = 'verified' AND (back OR final))) AS outcomes,
      count(DISTINCT "id") FILTER (WHERE state = 'verified' AND NOT back AND final AND minutes >= -${roundingMinutes}::float8) AS good
    FROM decided GROUP BY 1, 2 ORDER BY 1, 2`
}

type Coverage = { share: number | null; count: number }
const none: Coverage = { share: null, count: 0 }

/** Forecasts carry the share of all intervals judged so far; the window is what the newest has more than the last before it. */
async function coverageOf(tx: Tx, workloadId: string, from: Date, to: Date): Promise<Coverage> {
  const last = async (before: Date) => {
    const [row] = await tx.$queryRaw<{ share: number | null; count: number | null }[]>`
      SELECT ("snapshot"->>'coverage90')::float8 AS share, ("snapshot"->>'coverageCount')::int AS count FROM "Forecast"
      WHERE "workloadId" = ${workloadId}::uuid AND "issuedAt" <= ${before} ORDER BY "issuedAt" DESC LIMIT 1`
    return row?.share == null || row.count == null ? null : { share: row.share, count: row.count }
  }
  const now = await last(to)
  if (now === null || now.count === 0) return none
  const then = await last(from)
  // A model that started over has judged fewer since than its predecessor had.
  if (then === null || then.count >= now.count) return now
  const count = now.count - then.count
  return { share: (now.share * now.count - then.share * then.count) / count, count }
}

const percent = (share: number | null) =>
  share === null ? 'nothing measured' : `${(share * 100).toFixed(1)} %`

/** Each measure beside its threshold. `kept`: whether it is about keeping autonomy, where the number of people's decisions does not count any more. */
export function heldAgainst(
  measures: ClassMeasures,
  asked: EarnedThresholds,
  kept: boolean,
): MeasureStanding[] {
  const { decisions, coverage, coverageCount, overrideRate, outcomes, goodOutcomes } = measures
  const enough: MeasureStanding = {
    measure: 'decisions of people',
    actual: String(decisions),
    limit: `at least ${asked.minDecisions} in ${asked.windowDays} days`,
    passed: decisions >= asked.minDecisions,
  }
  return [
    ...(kept ? [] : [enough]),
    {
      measure: 'stated 90 % intervals that held',
      actual: `${percent(coverage)}${coverageCount > 0 ? ` of ${coverageCount}` : ''}`,
      limit: `at least ${percent(asked.minCoverage)}`,
      passed: coverage === null ? false : coverage >= asked.minCoverage,
    },
    {
      measure: 'changed or refused by people',
      actual: percent(overrideRate),
      limit: `at most ${percent(asked.maxOverrideRate)}`,
      passed: overrideRate === null ? kept : overrideRate <= asked.maxOverrideRate,
    },
    {
      measure: 'good outcomes',
      actual: `${percent(goodOutcomes)}${outcomes > 0 ? ` of ${outcomes}` : ''}`,
      limit: `at least ${percent(asked.minGoodOutcomes)}`,
      passed: goodOutcomes === null ? kept : goodOutcomes >= asked.minGoodOutcomes,
    },
  ]
}
