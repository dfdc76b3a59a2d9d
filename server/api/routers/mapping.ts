import { z } from 'zod'
import { type MappingView, mappingInput } from '../../telemetry/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const mappingRouter = router({
  list: procedure('telemetry.read').query(({ ctx }) => pending<MappingView[]>({ ctx })),
  create: procedure('mapping.manage')
    .input(mappingInput)
    .mutation(({ ctx, input }) => pending<MappingView>({ ctx, input })),
  delete: procedure('mapping.manage')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => pending<{ id: string }>({ ctx, input })),
})
