import { z } from 'zod'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import type { SimilarProposal } from '../../contract/acceptability.ts'

const byId = z.object({ id: z.uuid() })
const mostShown = 10

/** Earlier proposals of the same workload, purpose and direction that were decided, newest first. @throws NotFoundError */
export async function similarProposals({ ctx, input }: Verb<{ id: string }>): Promise<SimilarProposal[]> {
  authorise(ctx, 'proposal.read')
  const { id } = parseInput(byId, input, 'request')
  const proposal = await ctx.db.proposal.findUnique({
    where: { id },
    select: { number: true, workloadId: true, purpose: true, direction: true },
  })
  if (!proposal) throw new NotFoundError('proposal', id)
  const { number, workloadId, purpose, direction } = proposal
  const found = await ctx.db.proposal.findMany({
    where: {
      number: { lt: number },
      workloadId,
      purpose,
      direction,
      state: { in: ['approved', 'rejected', 'expired'] },
    },
    orderBy: { number: 'desc' },
    take: mostShown,
    select: {
      id: true,
      number: true,
      createdAt: true,
      fromReplicas: true,
      toReplicas: true,
      surgeProbability: true,
      state: true,
      surgeOutcome: { select: { came: true } },
      decisions: {
        where: { kind: { in: ['approve', 'override', 'reject', 'expire'] } },
        orderBy: { number: 'desc' },
        take: 1,
        select: {
          id: true,
          number: true,
          kind: true,
          user: { select: { name: true } },
          dispatch: { select: { state: true } },
          ledger: { select: { final: true, costVsProposedUsd: true, costVsReactiveUsd: true } },
        },
      },
    },
  })
  return found.map(({ createdAt, surgeOutcome, decisions: [last], ...row }) => ({
    ...row,
    at: createdAt.toISOString(),
    decision: last
      ? {
          id: last.id,
          number: last.number,
          kind: last.kind,
          who: last.user?.name ?? 'the system',
          dispatchState: last.dispatch?.state ?? null,
        }
      : null,
    worthUsd: last?.ledger?.final ? (last.ledger.costVsProposedUsd ?? last.ledger.costVsReactiveUsd) : null,
    surgeCame: surgeOutcome?.came ?? null,
  }))
}
