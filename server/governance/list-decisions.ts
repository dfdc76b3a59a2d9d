import { authorise, type Verb } from '../kernel/context.ts'
import type { Prisma } from '../kernel/db.ts'
import { parseInput } from '../kernel/parse.ts'
import { type DecisionQuery, type DecisionRow, decisionQuery } from './contract.ts'
import { proposalNumberOf } from './list-proposals.ts'
import { decisionInclude, decisionRow } from './views.ts'
import { withdrawnWords } from './withdraw.ts'

/** Decisions that match, newest first unless asked otherwise. `nextBeforeNumber`: give it for the page after. */
export async function listDecisions({
  ctx,
  input,
}: Verb<DecisionQuery>): Promise<{ rows: DecisionRow[]; nextBeforeNumber: number | null }> {
  authorise(ctx, 'decision.read')
  const query = parseInput(decisionQuery, input, 'query')
  const found = await ctx.db.decision.findMany({
    where: {
      kind: query.kind && { in: query.kind },
      at: { gte: query.from, lt: query.to },
      proposal: {
        touchedWorkloadIds: query.workloadId === undefined ? undefined : { has: query.workloadId },
        workload: { environment: query.environment },
      },
      OR: query.search ? matching(query.search) : undefined,
      // Both are kept as one kind, told apart by their reason, which the planner alone writes.
      NOT:
        query.withdrawn === 'with' ? undefined : { kind: 'expire', reason: { startsWith: withdrawnWords } },
    },
    orderBy: [
      query.sort === 'at' ? { at: query.order } : { proposal: { costChangePerHourUsd: query.order } },
      { number: query.order },
    ],
    ...(query.beforeNumber === undefined ? {} : { cursor: { number: query.beforeNumber }, skip: 1 }),
    take: query.limit + 1,
    include: decisionInclude,
  })
  const rows = found.slice(0, query.limit).map(decisionRow)
  return { rows, nextBeforeNumber: found.length > query.limit ? (rows.at(-1)?.number ?? null) : null }
}

function matching(search: string): Prisma.DecisionWhereInput[] {
  const text = { contains: search, mode: 'insensitive' } as const
  return [
    { reason: text },
    { user: { name: text } },
    { proposal: { summary: text } },
    { proposal: { workload: { OR: [{ name: text }, { title: text }] } } },
    { number: proposalNumberOf(search) },
    { proposal: { number: proposalNumberOf(search) } },
  ]
}
