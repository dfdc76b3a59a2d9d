import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { Prisma } from '../kernel/db.ts'
import { parseInput } from '../kernel/parse.ts'
import { type ProposalCounts, type ProposalQuery, type ProposalRow, proposalQuery } from './contract.ts'
import { afterCursor, cursorOf, orderOf, readCursor, sortKey } from './proposal-order.ts'
import { proposalRow, proposalSelect } from './views.ts'

/**
 * Proposals that match, soonest deadline first unless asked otherwise. Ordered and cut into pages by the database, on columns
 * alone: plans, which are large, are not read. `nextCursor`: give it for the page after.
 */
export async function listProposals({
  ctx,
  input,
}: Verb<ProposalQuery>): Promise<{ rows: ProposalRow[]; nextCursor: string | null }> {
  authorise(ctx, 'proposal.read')
  const query = parseInput(proposalQuery, input, 'query')
  const now = ctx.clock.now()
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor, query.sort)
  const asOf = cursor?.asOf ?? now
  const order = orderOf(query)
  const key = sortKey(query.sort, asOf)
  const found = await ctx.db.$queryRaw<{ id: string; key: string }[]>`
    SELECT p."id", (${key})::text AS key
    FROM "Proposal" p JOIN "Workload" w ON w."id" = p."workloadId"
    WHERE ${Prisma.join([...conditionsOf(query, now), ...afterCursor(key, order, cursor)], ' AND ')}
    ORDER BY ${key} ${Prisma.raw(order)}, p."id"
    LIMIT ${query.limit + 1}`
  const page = found.slice(0, query.limit)
  const rows = await ctx.db.proposal.findMany({
    where: { id: { in: page.map(({ id }) => id) } },
    select: proposalSelect,
  })
  const byId = new Map(rows.map((row) => [row.id, proposalRow(row, now)]))
  const last = page.at(-1)
  return {
    rows: page.flatMap(({ id }) => byId.get(id) ?? []),
    nextCursor: found.length > query.limit && last ? cursorOf(query.sort, asOf, last) : null,
  }
}

/** How many proposals wait for a decision, and how many of them were put off for later. */
export async function countProposals({ ctx }: { ctx: Context }): Promise<ProposalCounts> {
  authorise(ctx, 'proposal.read')
  const [all, snoozed] = await Promise.all([
    ctx.db.proposal.count({ where: { state: 'waiting' } }),
    ctx.db.proposal.count({ where: { state: 'waiting', snoozedUntil: { gt: ctx.clock.now() } } }),
  ])
  return { waiting: all - snoozed, snoozed }
}

function conditionsOf(
  { state, workloadId, environment, change, snoozed, search }: Omit<ProposalQuery, 'sort'>,
  now: Date,
): Prisma.Sql[] {
  const put = Prisma.sql`(p."state" = 'waiting' AND p."snoozedUntil" > ${now})`
  return [
    Prisma.sql`TRUE`,
    ...(state ? [Prisma.sql`p."state" = ANY(${state}::"ProposalState"[])`] : []),
    ...(workloadId ? [Prisma.sql`p."touchedWorkloadIds" @> ARRAY[${workloadId}]::uuid[]`] : []),
    ...(environment ? [Prisma.sql`w."environment" = ${environment}`] : []),
    ...(change ? [Prisma.sql`p."direction" = ${change}`] : []),
    ...(snoozed === 'only' ? [put] : snoozed === 'leave-out' ? [Prisma.sql`${put} IS NOT TRUE`] : []),
    ...(search ? [matching(search)] : []),
  ]
}

function matching(search: string): Prisma.Sql {
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`
  return Prisma.sql`(p."summary" ILIKE ${like} OR w."name" ILIKE ${like} OR w."title" ILIKE ${like}
    OR w."team" ILIKE ${like} OR p."number" = ${proposalNumberOf(search)})`
}

/** "12" or "#12" as a number that a proposal may have; -1, which none has, for other words. */
export function proposalNumberOf(search: string): number {
  const digits = /^#?(\d{1,9})$/.exec(search.trim())?.[1]
  return digits === undefined ? -1 : Number(digits)
}
