import { privateHosts } from '../../kernel/outbound.ts'
import {
  channelIdInput,
  channelInput,
  deliveriesQuery,
  redriveInput,
  updateChannelInput,
} from '../../notify/contract.ts'
import {
  createChannel,
  listChannels,
  listDeliveries,
  redrive,
  removeChannel,
  testChannel,
  updateChannel,
} from '../../notify/index.ts'
import { procedure, router } from '../trpc.ts'

/** The page marker by the name that infinite queries give it. */
const deliveriesPage = deliveriesQuery.omit({ after: true }).extend({ cursor: deliveriesQuery.shape.after })

export const notifierRouter = router({
  list: procedure('notifier.read').query(({ ctx }) => listChannels({ ctx })),
  deliveries: procedure('notifier.read')
    .input(deliveriesPage)
    .query(({ ctx, input: { cursor, ...query } }) =>
      listDeliveries({ ctx, input: { ...query, after: cursor } }),
    ),
  create: procedure('notifier.manage')
    .input(channelInput)
    .mutation(({ ctx, input }) => createChannel({ ctx, input })),
  update: procedure('notifier.manage')
    .input(updateChannelInput)
    .mutation(({ ctx, input }) => updateChannel({ ctx, input })),
  remove: procedure('notifier.manage')
    .input(channelIdInput)
    .mutation(({ ctx, input }) => removeChannel({ ctx, input })),
  test: procedure('notifier.manage')
    .input(channelIdInput)
    .mutation(({ ctx, input }) =>
      testChannel({ ctx, input }, { baseUrl: ctx.publicUrl, privateHosts: privateHosts() }),
    ),
  redrive: procedure('notifier.manage')
    .input(redriveInput)
    .mutation(({ ctx, input }) => redrive({ ctx, input })),
})
