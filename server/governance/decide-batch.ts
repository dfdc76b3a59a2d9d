import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { ServiceError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { approve } from './approve.ts'
import { type BatchResult, type DecideBatchInput, decideBatchInput } from './contract.ts'
import { reject } from './reject.ts'

type Seen = DecideBatchInput['proposals'][number]

/**
 * Decides several proposals alike, one after the other, each in a transaction and with a binding of its own, as if they had been
 * decided one by one. What is refused is told beside what went through; nothing of it undoes the rest.
 */
export async function decideBatch({ ctx, input }: Verb<DecideBatchInput>): Promise<BatchResult[]> {
  authorise(ctx, 'proposal.decide')
  const { verdict, proposals, reason } = parseInput(decideBatchInput, input, 'batch')
  const found = await ctx.db.proposal.findMany({
    where: { id: { in: proposals.map(({ proposalId }) => proposalId) } },
    select: { id: true, number: true, workload: { select: { name: true } } },
  })
  const known = new Map(found.map((proposal) => [proposal.id, proposal]))
  const results: BatchResult[] = []
  for (const seen of proposals) {
    const proposal = known.get(seen.proposalId)
    results.push({
      proposalId: seen.proposalId,
      number: proposal?.number ?? 0,
      workloadName: proposal?.workload.name ?? '',
      ...(await decided(ctx, seen, verdict, reason)),
    })
  }
  return results
}

async function decided(
  ctx: Context,
  seen: Seen,
  verdict: DecideBatchInput['verdict'],
  reason: string,
): Promise<Pick<BatchResult, 'decisionId' | 'complete' | 'refusal'>> {
  try {
    const decision =
      verdict === 'approve'
        ? await approve({ ctx, input: { ...seen, note: reason } })
        : await reject({ ctx, input: { ...seen, reason } })
    return { decisionId: decision.id, complete: decision.kind !== 'endorse', refusal: null }
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'unauthenticated')
      return { decisionId: null, complete: false, refusal: error.message }
    throw error
  }
}
