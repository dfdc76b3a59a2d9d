import { getDecision } from '../../../governance/index.ts'
import { authorise, type Context, type Verb } from '../../../kernel/context.ts'
import type { Db, Prisma } from '../../../kernel/db.ts'
import { NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { getWorkload, readSteps } from '../../../telemetry/index.ts'
import {
  type LedgerEntryDetail,
  type LedgerEntryView,
  type LedgerFigures,
  type LedgerPage,
  type LedgerQuery,
  type LedgerTotals,
  ledgerKinds,
  ledgerQuery,
  ofDecisionInput,
} from '../../contract/ledger.ts'
import { cutBeforeSurgeEnd, lateMinutes } from '../../ledger/beside.ts'

const include = {
  decision: {
    select: {
      number: true,
      reason: true,
      proposal: {
        select: {
          id: true,
          number: true,
          workload: { select: { id: true, name: true, title: true, environment: true } },
        },
      },
    },
  },
} satisfies Prisma.LedgerEntryInclude
type Stored = Prisma.LedgerEntryGetPayload<{ include: typeof include }>

/** The counterfactual ledger, newest decision first, with the sums over everything that matches. */
export async function listLedger({ ctx, input }: Verb<LedgerQuery>): Promise<LedgerPage> {
  authorise(ctx, 'evaluation.read')
  const query = parseInput(ledgerQuery, input, 'query')
  const where: Prisma.LedgerEntryWhereInput = {
    workloadId: query.workloadId,
    userId: query.userId,
    kind: query.kind && { in: query.kind },
    from: { gte: query.from, lt: query.to },
  }
  const found = await ctx.db.ledgerEntry.findMany({
    where: query.beforeNumber ? { ...where, decision: { number: { lt: query.beforeNumber } } } : where,
    orderBy: { decision: { number: 'desc' } },
    take: query.limit + 1,
    include,
  })
  const rows = found.slice(0, query.limit).map(entryView)
  return {
    rows,
    nextBeforeNumber: found.length > query.limit ? (rows.at(-1)?.decisionNumber ?? null) : null,
    ...(await sums(ctx.db, where)),
    people: await people(ctx.db),
  }
}

/** The entry of one decision; null where it has none (yet). */
export async function getLedgerEntry({
  ctx,
  input,
}: Verb<{ decisionId: string }>): Promise<LedgerEntryDetail | null> {
  authorise(ctx, 'evaluation.read')
  const { decisionId } = parseInput(ofDecisionInput, input, 'request')
  const stored = await ctx.db.ledgerEntry.findUnique({ where: { decisionId }, include })
  if (stored) return { ...entryView(stored), ...(await readBeside(ctx, stored)) }
  const decision = await ctx.db.decision.findUnique({ where: { id: decisionId }, select: { id: true } })
  if (!decision) throw new NotFoundError('decision', decisionId)
  return null
}

/** What the modelled figures of an entry are read beside. */
async function readBeside(
  ctx: Context,
  { decisionId, workloadId, from, until, final }: Stored,
): Promise<Pick<LedgerEntryDetail, 'measuredLateMinutes' | 'cutBeforeSurgeEnd'>> {
  const { stepSeconds } = await getWorkload({ ctx, input: { id: workloadId } })
  const { seen } = await getDecision({ ctx, input: { id: decisionId } })
  const steps = await readSteps(ctx.db, { workloadId, signal: 'latency_p99_ms', after: from, until })
  return {
    measuredLateMinutes: lateMinutes(
      steps.map(({ value }) => value),
      { stepSeconds, objectiveMs: seen.evidence.objectiveP99Ms },
    ),
    cutBeforeSurgeEnd: cutBeforeSurgeEnd(seen.evidence.surge, { from, until, final }),
  }
}

function entryView({ decision, kind, figures, from, until, ...stored }: Stored): LedgerEntryView {
  const known = ledgerKinds.find((each) => each === kind)
  if (!known) throw new Error(`A stored ledger entry is of the kind ${kind}.`)
  return {
    ...(figures as unknown as LedgerFigures),
    decisionId: stored.decisionId,
    decisionNumber: decision.number,
    proposalId: decision.proposal.id,
    proposalNumber: decision.proposal.number,
    kind: known,
    workload: decision.proposal.workload,
    who: stored.who,
    reason: decision.reason,
    summary: stored.summary,
    from: from.toISOString(),
    until: until.toISOString(),
    final: stored.final,
  }
}

async function sums(
  db: Db,
  where: Prisma.LedgerEntryWhereInput,
): Promise<Pick<LedgerPage, 'totals' | 'byWorkload'>> {
  const groups = await db.ledgerEntry.groupBy({
    by: ['workloadId', 'final'],
    where,
    _count: { _all: true, costVsProposedUsd: true },
    _sum: {
      costVsReactiveUsd: true,
      shortVsReactiveHours: true,
      violationVsReactiveMinutes: true,
      carbonVsReactiveG: true,
      costVsProposedUsd: true,
      shortVsProposedHours: true,
      violationVsProposedMinutes: true,
      carbonVsProposedG: true,
    },
  })
  const workloads = await db.workload.findMany({
    where: { id: { in: groups.map(({ workloadId }) => workloadId) } },
    select: { id: true, name: true, title: true, environment: true },
    orderBy: { name: 'asc' },
  })
  const totalsOf = (some: typeof groups): LedgerTotals => {
    const sum = (pick: (group: (typeof groups)[number]) => number | null) =>
      some.reduce((total, group) => total + (pick(group) ?? 0), 0)
    return {
      entries: sum(({ _count }) => _count._all),
      provisional: sum(({ final, _count }) => (final ? 0 : _count._all)),
      vsReactive: {
        costUsd: sum(({ _sum }) => _sum.costVsReactiveUsd),
        shortReplicaHours: sum(({ _sum }) => _sum.shortVsReactiveHours),
        violationMinutes: sum(({ _sum }) => _sum.violationVsReactiveMinutes),
        carbonG: sum(({ _sum }) => _sum.carbonVsReactiveG),
      },
      overridden: {
        entries: sum(({ _count }) => _count.costVsProposedUsd),
        vsProposed: {
          costUsd: sum(({ _sum }) => _sum.costVsProposedUsd),
          shortReplicaHours: sum(({ _sum }) => _sum.shortVsProposedHours),
          violationMinutes: sum(({ _sum }) => _sum.violationVsProposedMinutes),
          carbonG: sum(({ _sum }) => _sum.carbonVsProposedG),
        },
      },
    }
  }
  const byWorkload = workloads.map((workload) => ({
    workload,
    ...totalsOf(groups.filter(({ workloadId }) => workloadId === workload.id)),
  }))
  return { totals: totalsOf(groups), byWorkload }
}

async function people(db: Db): Promise<LedgerPage['people']> {
  const deciders = await db.ledgerEntry.groupBy({ by: ['userId'], where: { userId: { not: null } } })
  const ids = deciders.flatMap(({ userId }) => (userId === null ? [] : [userId]))
  const users = await db.user.findMany({ where: { id: { in: ids } }, orderBy: { name: 'asc' } })
  return users.map(({ id, name }) => ({ userId: id, name }))
}
