import { authorise, type Context, type Verb } from '../kernel/context.ts'
import { ServiceError, UnavailableError } from '../kernel/errors.ts'
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
  let silent: Outcome | null = null
  for (const seen of proposals) {
    const proposal = known.get(seen.proposalId)
    // A policy engine that gives no verdict on one is not waited for by all the others.
    const outcome: Outcome = silent ?? (await decided(ctx, seen, verdict, reason))
    if (outcome.noVerdict) silent = outcome
    const { decisionId, complete, refusal } = outcome
    results.push({
      proposalId: seen.proposalId,
      number: proposal?.number ?? 0,
      workloadName: proposal?.workload.name ?? '',
      ...{ decisionId, complete, refusal },
    })
  }
  return results
}

type Outcome = Pick<BatchResult, 'decisionId' | 'complete' | 'refusal'> & { noVerdict: boolean }

async function decided(
  ctx: Context,
  seen: Seen,
  verdict: DecideBatchInput['verdict'],
  reason: string,
): Promise<Outcome> {
  try {
    const decision =
      verdict === 'approve'
        ? await approve({ ctx, input: { ...seen, note: reason } })
        : await reject({ ctx, input: { ...seen, reason } })
    return { decisionId: decision.id, complete: decision.kind !== 'endorse', refusal: null, noVerdict: false }
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'unauthenticated')
      return {
        decisionId: null,
        complete: false,
        refusal: error.message,
        noVerdict: error instanceof UnavailableError,
      }
    throw error
  }
}
