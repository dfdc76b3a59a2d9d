import { append } from '../audit/index.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { openChannelConfig } from './channel-config.ts'
import { type ChannelIdInput, type ChannelTest, channelIdInput, type Notice } from './contract.ts'
import { failureOf, type Reach } from './deliver.ts'
import { notifiers } from './notifiers/index.ts'

/** Sends a notice that says that it is a test, at once and once, and says what came of it. @throws NotFoundError */
export async function testChannel({ ctx, input }: Verb<ChannelIdInput>, reach: Reach): Promise<ChannelTest> {
  authorise(ctx, 'notifier.manage')
  const { channelId } = parseInput(channelIdInput, input, 'request')
  const channel = await ctx.db.notifyChannel.findUnique({ where: { id: channelId } })
  if (channel === null) throw new NotFoundError('channel', channelId)
  const now = ctx.clock.now()
  const notice: Notice = {
    ...{ id: `test-${ctx.ids.uuid()}`, seq: 0, at: now.toISOString(), topic: 'test', action: 'channel.test' },
    ...{ subject: `channel/${channelId}`, urgency: 'info', workload: null, actBy: null },
    title: 'A test from InfraSage',
    text: `The channel "${channel.name}" works. Nothing needs to be done.`,
    path: '/notifications',
  }
  const result = await send(ctx, notice, channel, reach)
  await transact(ctx, (tx) =>
    append(tx, ctx, {
      stage: 'notify',
      action: 'channel.tested',
      subject: `channel/${channelId}`,
      body: { name: channel.name, ok: result.ok },
    }),
  )
  return result
}

async function send(
  ctx: Verb<unknown>['ctx'],
  notice: Notice,
  channel: { id: string; kind: keyof typeof notifiers; destination: string; encryptedConfig: string },
  reach: Reach,
): Promise<ChannelTest> {
  try {
    await notifiers[channel.kind].deliver(notice, openChannelConfig(channel), {
      ...reach,
      now: ctx.clock.now(),
    })
    return { ok: true, message: `${channel.destination} took the message.` }
  } catch (error) {
    const { message } = failureOf(error)
    if (message === null) throw error
    return { ok: false, message: `Not taken: ${message}.` }
  }
}
