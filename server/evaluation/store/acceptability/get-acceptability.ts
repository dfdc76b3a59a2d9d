import { authorise, type Verb } from '../../../kernel/context.ts'
import { Prisma, type Tx } from '../../../kernel/db.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { measuresOf, weekOf, weeksUntil } from '../../acceptability/measures.ts'
import {
  type Acceptability,
  type AcceptabilityQuery,
  acceptabilityQuery,
  type EndedProposal,
  type JudgedAlarm,
  type PulseAnswers,
} from '../../contract/acceptability.ts'
import { ledgerSpanHours } from '../../contract/ledger.ts'

type Pulsed = PulseAnswers & { workloadId: string; at: number }
type Read = { ended: EndedProposal[]; alarms: JudgedAlarm[]; pulses: Pulsed[] }

/** How people get on with what is proposed to them: over all, by week and by workload. */
export async function getAcceptability({ ctx, input }: Verb<AcceptabilityQuery>): Promise<Acceptability> {
  authorise(ctx, 'evaluation.read')
  const query = parseInput(acceptabilityQuery, input, 'query')
  const now = ctx.clock.now()
  const weeks = weeksUntil(now.getTime(), query.weeks)
  const from = new Date(weeks[0] ?? now.getTime())
  const workloads = await ctx.db.workload.findMany({
    where: { id: query.workloadId, environment: query.environment },
    select: { id: true, name: true, title: true, environment: true },
    orderBy: { name: 'asc' },
  })
  const read = await readAll(
    ctx.db,
    from,
    workloads.map(({ id }) => id),
  )
  const passed = Math.max(1, (now.getTime() - from.getTime()) / (7 * 86_400_000))
  const at = (moment: number, week: number) => weekOf(moment) === week
  return {
    from: from.toISOString(),
    to: now.toISOString(),
    total: measuresOf({ ...read, weeks: passed }),
    byWeek: weeks.map((week) => ({
      week: new Date(week).toISOString(),
      ...measuresOf({
        ended: read.ended.filter(({ decidedAt }) => at(decidedAt, week)),
        alarms: read.alarms.filter((alarm) => at(alarm.at, week)),
        pulses: read.pulses.filter((pulse) => at(pulse.at, week)),
        weeks: 1,
      }),
    })),
    byWorkload: workloads.flatMap((workload) => {
      const own = <One extends { workloadId: string }>(all: One[]) =>
        all.filter(({ workloadId }) => workloadId === workload.id)
      const parts = { ended: own(read.ended), alarms: own(read.alarms), pulses: own(read.pulses) }
      const empty = parts.ended.length + parts.alarms.length + parts.pulses.length === 0
      return empty ? [] : [{ workload, ...measuresOf({ ...parts, weeks: passed }) }]
    }),
  }
}

async function readAll(tx: Tx, from: Date, workloadIds: string[]): Promise<Read> {
  const [decisions, alarms, pulses] = await Promise.all([
    endedSince(tx, from, workloadIds),
    tx.surgeOutcome.findMany({
      where: { came: { not: null }, proposal: { surgeAt: { gte: from }, workloadId: { in: workloadIds } } },
      select: { came: true, proposal: { select: { workloadId: true, surgeAt: true } } },
    }),
    tx.pulse.findMany({
      where: { at: { gte: from }, decision: { proposal: { workloadId: { in: workloadIds } } } },
      select: {
        clear: true,
        trust: true,
        ease: true,
        at: true,
        decision: { select: { proposal: { select: { workloadId: true } } } },
      },
    }),
  ])
  return {
    ended: decisions.map(({ proposedAt, decidedAt, ...rest }) => ({
      ...rest,
      proposedAt: proposedAt.getTime(),
      decidedAt: decidedAt.getTime(),
    })),
    alarms: alarms.flatMap(({ came, proposal: { workloadId, surgeAt } }) =>
      came === null || surgeAt === null ? [] : [{ workloadId, at: surgeAt.getTime(), came }],
    ),
    pulses: pulses.map(({ decision, at, ...answers }) => ({
      ...answers,
      at: at.getTime(),
      workloadId: decision.proposal.workloadId,
    })),
  }
}

/**
 * What people decided, and what expired with nobody deciding; not what the planner withdrew before its time, what a rule decided by
 * itself, or what people asked to roll back. An override is kept by who approved it. Worth: by a final entry, which the next decision
 * did not end before the surge was over; that would count what it cost, and not what it was for.
 */
function endedSince(
  tx: Tx,
  from: Date,
  workloadIds: string[],
): Promise<(Omit<EndedProposal, 'proposedAt' | 'decidedAt'> & { proposedAt: Date; decidedAt: Date })[]> {
  const worth = Prisma.sql`CASE WHEN l."final" AND (
      p."content"->'evidence'->'surge'->>'endsAt' IS NULL
      OR l."until" >= (p."content"->'evidence'->'surge'->>'endsAt')::timestamptz
      OR l."until" - l."from" >= make_interval(hours => ${ledgerSpanHours}::int)) THEN coalesce(l."costVsProposedUsd", l."costVsReactiveUsd") END`
  return tx.$queryRaw`
    SELECT p."workloadId", d."kind", p."createdAt" AS "proposedAt", d."at" AS "decidedAt", ${worth} AS "worthUsd"
    FROM "Decision" d
    JOIN "Proposal" p ON p."id" = d."proposalId"
    LEFT JOIN "LedgerEntry" l ON l."decisionId" = d."id"
    WHERE d."at" >= ${from} AND p."kind" = 'scale' AND p."workloadId" = ANY(${workloadIds}::uuid[])
      AND ((d."kind" IN ('approve', 'override', 'reject') AND d."userId" IS NOT NULL)
        OR (d."kind" = 'expire' AND d."at" >= p."expiresAt"))`
}
