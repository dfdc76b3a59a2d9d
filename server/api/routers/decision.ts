import { z } from 'zod'
import { deadLetterInput } from '../../dispatch/contract.ts'
import { closeDispatch, listDeadLetters, redriveDispatch } from '../../dispatch/index.ts'
import { decisionQuery } from '../../governance/contract.ts'
import { listDecisions } from '../../governance/index.ts'
import { readDecision } from '../decision-record.ts'
import { procedure, router } from '../trpc.ts'

/** The page marker by the name that infinite queries give it. */
const decisionPage = decisionQuery
  .omit({ beforeNumber: true })
  .extend({ cursor: decisionQuery.shape.beforeNumber })

export const decisionRouter = router({
  list: procedure('decision.read')
    .input(decisionPage)
    .query(({ ctx, input: { cursor, ...query } }) =>
      listDecisions({ ctx, input: { ...query, beforeNumber: cursor } }),
    ),
  get: procedure('decision.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => readDecision({ ctx, input })),
  deadLetters: procedure('decision.read').query(({ ctx }) => listDeadLetters({ ctx })),
  redrive: procedure('proposal.decide')
    .input(deadLetterInput)
    .mutation(({ ctx, input }) => redriveDispatch({ ctx, input })),
  giveUp: procedure('proposal.decide')
    .input(deadLetterInput)
    .mutation(({ ctx, input }) => closeDispatch({ ctx, input })),
})
