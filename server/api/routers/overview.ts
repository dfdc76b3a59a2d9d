import type { Overview, Status } from '../contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const overviewRouter = router({
  get: procedure('proposal.read').query(({ ctx }) => pending<Overview>({ ctx })),
})

export const statusRouter = router({
  get: procedure('telemetry.read').query(({ ctx }) => pending<Status>({ ctx })),
})
