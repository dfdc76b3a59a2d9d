import { replayRequest } from '../../evaluation/contract.ts'
import { listReplayChoices, replayWorkload } from '../replay/replay-workload.ts'
import { procedure, router } from '../trpc.ts'

export const evaluationRouter = router({
  choices: procedure('evaluation.read').query(({ ctx }) => listReplayChoices({ ctx })),
  replay: procedure('evaluation.read')
    .input(replayRequest)
    .query(({ ctx, input }) => replayWorkload({ ctx, input })),
})
