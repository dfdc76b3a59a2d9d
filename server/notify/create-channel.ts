import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { sealChannelConfig } from './channel-config.ts'
import { type ChannelInput, type ChannelMade, channelInput } from './contract.ts'
import { notifiers } from './notifiers/index.ts'

/**
 * A new channel; it tells of what happens from now on. What signs its messages is returned this once.
 * @throws InvalidInputError naming the setting, ConflictError if the name is taken
 */
export async function createChannel({ ctx, input }: Verb<ChannelInput>): Promise<ChannelMade> {
  authorise(ctx, 'notifier.manage')
  const { name, kind, topics, config: raw } = parseInput(channelInput, input, 'channel')
  const notifier = notifiers[kind]
  const config = notifier.parseConfig(raw)
  const destination = notifier.destinationOf(config)
  return transact(ctx, async (tx) => {
    if (await tx.notifyChannel.findUnique({ where: { name } })) {
      throw new ConflictError(`There is a channel "${name}" already.`)
    }
    const id = ctx.ids.uuid()
    await announce(tx, { topic: 'notifier' })
    const seq = await append(tx, ctx, {
      stage: 'notify',
      action: 'channel.created',
      subject: `channel/${id}`,
      body: { name, kind, destination, topics },
    })
    await tx.notifyChannel.create({
      data: {
        ...{ id, name, kind, topics, destination },
        encryptedConfig: sealChannelConfig(id, config),
        readTo: BigInt(seq),
        createdAt: ctx.clock.now(),
      },
    })
    return { id, secret: notifier.secretOf(config) }
  })
}
