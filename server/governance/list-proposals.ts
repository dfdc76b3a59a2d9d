import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Prisma } from '../kernel/db.ts'
import { parseInput } from '../kernel/parse.ts'
import { type ProposalQuery, type ProposalRow, proposalQuery } from './contract.ts'
import { proposalInclude, proposalRow } from './views.ts'

/** Proposals that match, soonest deadline first unless asked otherwise. `nextCursor`: give it for the page after. */
export async function listProposals({
  ctx,
  input,
}: Verb<ProposalQuery>): Promise<{ rows: ProposalRow[]; nextCursor: string | null }> {
  authorise(ctx, 'proposal.read')
  const query = parseInput(proposalQuery, input, 'query')
  const found = await ctx.db.proposal.findMany({
    where: {
      state: query.state && { in: query.state },
      touchedWorkloadIds: query.workloadId === undefined ? undefined : { has: query.workloadId },
      workload: { environment: query.environment },
      OR: query.search ? matching(query.search) : undefined,
    },
    orderBy: [{ [query.sort]: query.order }, { id: 'asc' }],
    ...(query.cursor === undefined ? {} : { cursor: { id: query.cursor }, skip: 1 }),
    take: query.limit + 1,
    include: proposalInclude,
  })
  const rows = found.slice(0, query.limit).map(proposalRow)
  return { rows, nextCursor: found.length > query.limit ? (rows.at(-1)?.id ?? null) : null }
}

/** How many proposals wait for a decision. */
export async function countProposals({ ctx }: { ctx: Context }): Promise<{ waiting: number }> {
  authorise(ctx, 'proposal.read')
  return { waiting: await ctx.db.proposal.count({ where: { state: 'waiting' } }) }
}

function matching(search: string): Prisma.ProposalWhereInput[] {
  const text = { contains: search, mode: 'insensitive' } as const
  return [
    { summary: text },
    { workload: { OR: [{ name: text }, { title: text }, { team: text }] } },
    { number: proposalNumberOf(search) },
  ]
}

/** "12" or "#12" as a number that a proposal may have; -1, which none has, for other words. */
export function proposalNumberOf(search: string): number {
  const digits = /^#?(\d{1,9})$/.exec(search.trim())?.[1]
  return digits === undefined ? -1 : Number(digits)
}
