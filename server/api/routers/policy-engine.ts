import {
  removePolicyEngineInput,
  setPolicyEngineInput,
  testPolicyEngineInput,
} from '../../governance/contract.ts'
import {
  getPolicyEngine,
  removePolicyEngine,
  setPolicyEngine,
  testPolicyEngine,
} from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

/** The operator's own policy engine; a trial calls an address, so only those may ask for one who may set the address. */
export const policyEngineRouter = router({
  get: procedure('policy.read').query(({ ctx }) => getPolicyEngine({ ctx })),
  set: procedure('policy.manage')
    .input(setPolicyEngineInput)
    .mutation(({ ctx, input }) => setPolicyEngine({ ctx, input })),
  remove: procedure('policy.manage')
    .input(removePolicyEngineInput)
    .mutation(({ ctx, input }) => removePolicyEngine({ ctx, input })),
  test: procedure('policy.manage')
    .input(testPolicyEngineInput)
    .mutation(({ ctx, input }) => testPolicyEngine({ ctx, input })),
})
