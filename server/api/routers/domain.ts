import { listDomains } from '../../plan/index.ts'
import { procedure, router } from '../trpc.ts'

export const domainRouter = router({
  list: procedure('catalog.read').query(({ ctx }) => listDomains({ ctx })),
})
