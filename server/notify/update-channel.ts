import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { openChannelConfig, sealChannelConfig } from './channel-config.ts'
import { type UpdateChannelInput, updateChannelInput } from './contract.ts'
import { lockedChannel } from './locked-channel.ts'
import { notifiers } from './notifiers/index.ts'

/**
 * Renames a channel, changes what it tells of, pauses it or gives it other settings; a setting that is not named stays. A
 * channel that was paused tells of what happens from then on: not of all that it missed.
 * @throws NotFoundError, InvalidInputError naming the setting, ConflictError if the name is taken
 */
export async function updateChannel({ ctx, input }: Verb<UpdateChannelInput>): Promise<void> {
  authorise(ctx, 'notifier.manage')
  const { channelId, config: changed, ...change } = parseInput(updateChannelInput, input, 'channel')
  await transact(ctx, async (tx) => {
    const channel = await lockedChannel(tx, channelId)
    if (change.name !== undefined && change.name !== channel.name) {
      const namesake = await tx.notifyChannel.findUnique({ where: { name: change.name } })
      if (namesake) throw new ConflictError(`There is a channel "${change.name}" already.`)
    }
    const notifier = notifiers[channel.kind]
    const config = changed && notifier.parseConfig({ ...openChannelConfig(channel), ...changed })
    const destination = config ? notifier.destinationOf(config) : channel.destination
    await announce(tx, { topic: 'notifier' })
    const seq = await append(tx, ctx, {
      stage: 'notify',
      action: 'channel.updated',
      subject: `channel/${channelId}`,
      body: { name: channel.name, ...change, destination, settings: Object.keys(changed ?? {}) },
    })
    await tx.notifyChannel.update({
      where: { id: channelId },
      data: {
        ...change,
        destination,
        ...(config ? { encryptedConfig: sealChannelConfig(channelId, config) } : {}),
        ...(change.active === true && !channel.active ? { readTo: BigInt(seq) } : {}),
      },
    })
  })
}
