import { z } from 'zod'
import { type PolicyInForce, policyValues } from '../../plan/contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

const workload = z.object({ workloadId: z.uuid() })

type PolicyVersion = PolicyInForce & { reason: string; author: string; createdAt: string }
type PolicyRow = {
  workload: { id: string; name: string; title: string; environment: string }
  policy: PolicyVersion | null
}

export const policyRouter = router({
  list: procedure('policy.read').query(({ ctx }) => pending<PolicyRow[]>({ ctx })),
  get: procedure('policy.read')
    .input(workload)
    .query(({ ctx, input }) => pending<PolicyInForce>({ ctx, input })),
  history: procedure('policy.read')
    .input(workload)
    .query(({ ctx, input }) => pending<PolicyVersion[]>({ ctx, input })),
  set: procedure('policy.manage')
    .input(
      z.object({
        workloadId: z.uuid(),
        values: policyValues,
        basedOnVersion: z.number().int().min(0),
        reason: z.string().trim().min(3).max(2_000),
      }),
    )
    .mutation(({ ctx, input }) => pending<PolicyInForce>({ ctx, input })),
})
