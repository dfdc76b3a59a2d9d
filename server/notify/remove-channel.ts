import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type ChannelIdInput, channelIdInput } from './contract.ts'
import { lockedChannel } from './locked-channel.ts'

/** Ends a channel with all that waits in it; the log keeps what it told of. @throws NotFoundError */
export async function removeChannel({ ctx, input }: Verb<ChannelIdInput>): Promise<void> {
  authorise(ctx, 'notifier.manage')
  const { channelId } = parseInput(channelIdInput, input, 'request')
  await transact(ctx, async (tx) => {
    const { name, kind, destination } = await lockedChannel(tx, channelId)
    await tx.notifyChannel.delete({ where: { id: channelId } })
    await announce(tx, { topic: 'notifier' })
    await append(tx, ctx, {
      stage: 'notify',
      action: 'channel.removed',
      subject: `channel/${channelId}`,
      body: { name, kind, destination },
    })
  })
}
