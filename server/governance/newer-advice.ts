import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import type { PlanContent } from '../plan/contract.ts'
import { differs } from './same-advice.ts'
import { storedContent } from './stored.ts'

/** What the planner would say now: a plan, or that there is no need of one any more. */
type Advice = PlanContent | { withdrawn: string }

/**
 * Keeps with a counter-proposal that waits how the newest advice differs from the proposal that it was made against, so that
 * nobody decides on it unaware. It stays as it is, and so does its revision: a person's wish is not lost to a forecast.
 */
export async function noteNewerAdvice(
  tx: Tx,
  ctx: Context,
  { id, number, revision, counterId, newerAdvice }: Proposal,
  advice: Advice,
): Promise<void> {
  if (counterId === null) return
  const { seen } = await tx.decision.findUniqueOrThrow({ where: { id: counterId }, select: { seen: true } })
  const words = wordsOf(id, storedContent(seen), advice)
  if (words === newerAdvice) return
  const { count } = await tx.proposal.updateMany({
    where: { id, state: 'waiting', revision },
    data: { newerAdvice: words, updatedAt: ctx.clock.now() },
  })
  if (count === 0) return
  await announce(tx, { topic: 'proposal', id })
  await append(tx, ctx, {
    stage: 'governance',
    action: 'proposal.advice',
    subject: `proposal/${id}`,
    body: { proposalNumber: number, counterId, newerAdvice: words },
  })
}

function wordsOf(proposalId: string, seen: PlanContent, advice: Advice): string | null {
  if ('withdrawn' in advice) return `Nothing is proposed any more: ${advice.withdrawn}`
  const difference = differs(proposalId, seen, advice)
  return difference && `${advice.summary}: ${difference}.`
}
