import { z } from 'zod'
import { mappingInput } from '../../telemetry/contract.ts'
import { createMapping, deleteMapping, listMappings } from '../../telemetry/index.ts'
import { procedure, router } from '../trpc.ts'

export const mappingRouter = router({
  list: procedure('telemetry.read').query(({ ctx }) => listMappings({ ctx })),
  create: procedure('mapping.manage')
    .input(mappingInput)
    .mutation(({ ctx, input }) => createMapping({ ctx, input })),
  delete: procedure('mapping.manage')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => deleteMapping({ ctx, input })),
})
