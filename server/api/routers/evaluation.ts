import { z } from 'zod'
import { acceptabilityQuery, replayRequest } from '../../evaluation/contract.ts'
import { answerPulse, answerPulseInput, getAcceptability, similarProposals } from '../../evaluation/index.ts'
import { listReplayChoices, replayWorkload } from '../replay/replay-workload.ts'
import { procedure, router } from '../trpc.ts'

export const evaluationRouter = router({
  choices: procedure('evaluation.read').query(({ ctx }) => listReplayChoices({ ctx })),
  acceptability: procedure('evaluation.read')
    .input(acceptabilityQuery)
    .query(({ ctx, input }) => getAcceptability({ ctx, input })),
  similarProposals: procedure('proposal.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => similarProposals({ ctx, input })),
  answerPulse: procedure('proposal.decide')
    .input(answerPulseInput)
    .mutation(({ ctx, input }) => answerPulse({ ctx, input })),
  replay: procedure('evaluation.read')
    .input(replayRequest)
    .query(({ ctx, input }) => replayWorkload({ ctx, input })),
})
