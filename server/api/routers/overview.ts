import { readOverview } from '../overview.ts'
import { readStatus } from '../status.ts'
import { procedure, router } from '../trpc.ts'

export const overviewRouter = router({
  get: procedure('proposal.read').query(({ ctx }) => readOverview({ ctx })),
})

export const statusRouter = router({
  get: procedure('telemetry.read').query(({ ctx }) => readStatus({ ctx })),
})
