import type { Overview } from '../contract.ts'
import { pending } from '../pending.ts'
import { readStatus } from '../status.ts'
import { procedure, router } from '../trpc.ts'

export const overviewRouter = router({
  get: procedure('proposal.read').query(({ ctx }) => pending<Overview>({ ctx })),
})

export const statusRouter = router({
  get: procedure('telemetry.read').query(({ ctx }) => readStatus({ ctx })),
})
