import { z } from 'zod'
import { decisionQuery } from '../../governance/contract.ts'
import { listDecisions } from '../../governance/index.ts'
import { readDecision } from '../decision-record.ts'
import { procedure, router } from '../trpc.ts'

export const decisionRouter = router({
  list: procedure('decision.read')
    .input(decisionQuery)
    .query(({ ctx, input }) => listDecisions({ ctx, input })),
  get: procedure('decision.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => readDecision({ ctx, input })),
})
