import { z } from 'zod'
import { append } from '../../../audit/index.ts'
import { actorUserId, authorise, type Verb } from '../../../kernel/context.ts'
import { ConflictError, ForbiddenError, NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { pulseAnswer } from '../../contract/acceptability.ts'

export const answerPulseInput = z.object({
  decisionId: z.uuid(),
  clear: pulseAnswer,
  trust: pulseAnswer,
  ease: pulseAnswer,
})
export type AnswerPulseInput = z.infer<typeof answerPulseInput>

/**
 * Keeps what somebody says of a decision of their own, once.
 * @throws NotFoundError, ForbiddenError for a decision of somebody else, ConflictError for a second answer
 */
export async function answerPulse({ ctx, input }: Verb<AnswerPulseInput>): Promise<{ id: string }> {
  authorise(ctx, 'proposal.decide')
  const { decisionId, ...answers } = parseInput(answerPulseInput, input, 'answers')
  return transact(ctx, async (tx) => {
    const decision = await tx.decision.findUnique({ where: { id: decisionId } })
    if (!decision) throw new NotFoundError('decision', decisionId)
    const userId = actorUserId(ctx.actor)
    if (userId === null || decision.userId !== userId)
      throw new ForbiddenError('Only who decided is asked how it was to decide.')
    const id = ctx.ids.uuid()
    const { count } = await tx.pulse.createMany({
      data: { id, decisionId, userId, ...answers, at: ctx.clock.now() },
      skipDuplicates: true,
    })
    if (count === 0) throw new ConflictError(`You answered for decision ${decision.number} already.`)
    await append(tx, ctx, {
      stage: 'evaluation',
      action: 'pulse.answer',
      subject: `decision/${decisionId}`,
      body: { decisionNumber: decision.number, ...answers },
    })
    return { id }
  })
}
