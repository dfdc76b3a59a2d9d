import { z } from 'zod'
import { adapterKinds, type TargetView } from '../../dispatch/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const targetRouter = router({
  list: procedure('target.read').query(({ ctx }) => pending<TargetView[]>({ ctx })),
  connect: procedure('target.manage')
    .input(
      z.object({ name: z.string(), adapter: z.enum(adapterKinds), config: z.record(z.string(), z.string()) }),
    )
    .mutation(({ ctx, input }) => pending<{ id: string }>({ ctx, input })),
  check: procedure('target.manage')
    .input(z.object({ connectionId: z.uuid() }))
    .mutation(({ ctx, input }) => pending<{ ok: boolean; message: string }>({ ctx, input })),
  create: procedure('target.manage')
    .input(z.object({ name: z.string(), connectionId: z.uuid(), ref: z.record(z.string(), z.string()) }))
    .mutation(({ ctx, input }) => pending<{ id: string }>({ ctx, input })),
})
