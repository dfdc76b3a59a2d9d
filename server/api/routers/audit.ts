import { type AuditEntryView, auditQuery, type LogStatus } from '../../audit/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const auditRouter = router({
  list: procedure('audit.read')
    .input(auditQuery)
    .query(({ ctx, input }) => pending<AuditEntryView[]>({ ctx, input })),
  status: procedure('audit.read').query(({ ctx }) => pending<LogStatus>({ ctx })),
  export: procedure('audit.export').query(({ ctx }) => pending<string>({ ctx })),
})
