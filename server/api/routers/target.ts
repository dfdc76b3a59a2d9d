import {
  checkConnectionInput,
  connectionInput,
  connectionLimitInput,
  connectionRightsInput,
  discoverInput,
  mapTargetsInput,
  removeTargetInput,
  targetInput,
  updateConnectionInput,
} from '../../dispatch/contract.ts'
import {
  checkConnection,
  createConnection,
  createTarget,
  createTargetPool,
  discoverTargets,
  getConnectionRights,
  limitConnection,
  listConnections,
  listTargets,
  mapTargets,
  removeConnection,
  removeTarget,
  updateConnection,
} from '../../dispatch/index.ts'
import { poolInput } from '../../plan/contract.ts'
import { procedure, router } from '../trpc.ts'

export const targetRouter = router({
  list: procedure('target.read').query(({ ctx }) => listTargets({ ctx })),
  connections: procedure('target.read').query(({ ctx }) => listConnections({ ctx })),
  connect: procedure('target.manage')
    .input(connectionInput)
    .mutation(({ ctx, input }) => createConnection({ ctx, input })),
  updateConnection: procedure('target.manage')
    .input(updateConnectionInput)
    .mutation(({ ctx, input }) => updateConnection({ ctx, input })),
  rights: procedure('target.read')
    .input(connectionRightsInput)
    .query(({ ctx, input }) => getConnectionRights({ ctx, input })),
  check: procedure('target.manage')
    .input(checkConnectionInput)
    .mutation(({ ctx, input }) => checkConnection({ ctx, input })),
  limit: procedure('target.manage')
    .input(connectionLimitInput)
    .mutation(({ ctx, input }) => limitConnection({ ctx, input })),
  removeConnection: procedure('target.manage')
    .input(checkConnectionInput)
    .mutation(({ ctx, input }) => removeConnection({ ctx, input })),
  removeTarget: procedure('target.manage')
    .input(removeTargetInput)
    .mutation(({ ctx, input }) => removeTarget({ ctx, input })),
  create: procedure('target.manage')
    .input(targetInput)
    .mutation(({ ctx, input }) => createTarget({ ctx, input })),
  discover: procedure('target.manage')
    .input(discoverInput)
    .query(({ ctx, input }) => discoverTargets({ ctx, input })),
  map: procedure('target.manage')
    .input(mapTargetsInput)
    .mutation(({ ctx, input }) => mapTargets({ ctx, input })),
  createPool: procedure('catalog.manage')
    .input(poolInput)
    .mutation(({ ctx, input }) => createTargetPool({ ctx, input })),
})
