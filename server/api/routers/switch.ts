import { askBackInput } from '../../dispatch/contract.ts'
import { askBack } from '../../dispatch/index.ts'
import { turnSwitchInput } from '../../governance/contract.ts'
import { getSwitch, setSwitch } from '../../governance/index.ts'
import { procedure, router } from '../trpc.ts'

/** The one switch of all dispatch. */
export const switchRouter = router({
  get: procedure('proposal.read').query(({ ctx }) => getSwitch({ ctx })),
  stop: procedure('dispatch.stop')
    .input(turnSwitchInput)
    .mutation(({ ctx, input }) => setSwitch({ ctx, input: { ...input, engaged: true } })),
  release: procedure('dispatch.release')
    .input(turnSwitchInput)
    .mutation(({ ctx, input }) => setSwitch({ ctx, input: { ...input, engaged: false } })),
  askBack: procedure('proposal.decide')
    .input(askBackInput)
    .mutation(({ ctx, input }) => askBack({ ctx, input })),
})
