import { auditQuery } from '../../audit/contract.ts'
import { listEntries, logStatus } from '../../audit/index.ts'
import { procedure, router } from '../trpc.ts'

/** The export is a stream, and so has a REST address instead: /api/v1/audit/export. */
export const auditRouter = router({
  list: procedure('audit.read')
    .input(auditQuery)
    .query(({ ctx, input }) => listEntries({ ctx, input })),
  status: procedure('audit.read').query(({ ctx }) => logStatus({ ctx })),
})
