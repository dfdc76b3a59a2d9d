import { z } from 'zod'
import { approveBaseInput, rejectBaseInput, rollBackBaseInput } from '../../governance/contract.ts'
import {
  approveBase,
  getBase,
  listBases,
  refitBase,
  rejectBase,
  rollBackBase,
} from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

export const baseModelRouter = router({
  list: procedure('baseModel.read').query(({ ctx }) => listBases({ ctx })),
  get: procedure('baseModel.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) => getBase({ ctx, input })),
  approve: procedure('baseModel.decide')
    .input(approveBaseInput)
    .mutation(({ ctx, input }) => approveBase({ ctx, input })),
  reject: procedure('baseModel.decide')
    .input(rejectBaseInput)
    .mutation(({ ctx, input }) => rejectBase({ ctx, input })),
  rollback: procedure('baseModel.decide')
    .input(rollBackBaseInput)
    .mutation(({ ctx, input }) => rollBackBase({ ctx, input })),
  refit: procedure('baseModel.refit').mutation(({ ctx }) => refitBase({ ctx })),
})
