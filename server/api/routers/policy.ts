import { z } from 'zod'
import { setPolicyInput } from '../../governance/contract.ts'
import { getPolicy, listPolicies, policyHistory, setPolicy } from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

const ofWorkload = z.object({ workloadId: z.uuid() })

export const policyRouter = router({
  list: procedure('policy.read').query(({ ctx }) => listPolicies({ ctx })),
  get: procedure('policy.read')
    .input(ofWorkload)
    .query(({ ctx, input }) => getPolicy({ ctx, input })),
  history: procedure('policy.read')
    .input(ofWorkload)
    .query(({ ctx, input }) => policyHistory({ ctx, input })),
  set: procedure('policy.manage')
    .input(setPolicyInput)
    .mutation(({ ctx, input }) => setPolicy({ ctx, input })),
})
