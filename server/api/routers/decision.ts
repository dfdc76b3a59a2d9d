import { z } from 'zod'
import type { AuditEntryView } from '../../audit/contract.ts'
import type { DispatchView } from '../../dispatch/contract.ts'
import { type DecisionDetail, type DecisionRow, decisionQuery } from '../../governance/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const decisionRouter = router({
  list: procedure('decision.read')
    .input(decisionQuery)
    .query(({ ctx, input }) =>
      pending<{ rows: DecisionRow[]; nextBeforeNumber: number | null }>({ ctx, input }),
    ),
  get: procedure('decision.read')
    .input(z.object({ id: z.uuid() }))
    .query(({ ctx, input }) =>
      pending<{ decision: DecisionDetail; dispatch: DispatchView | null; entries: AuditEntryView[] }>({
        ctx,
        input,
      }),
    ),
})
