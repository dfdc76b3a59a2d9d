import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type RedriveInput, redriveInput } from './contract.ts'

/** Sends a notice again that was given up. @throws NotFoundError, ConflictError if it was not given up */
export async function redrive({ ctx, input }: Verb<RedriveInput>): Promise<void> {
  authorise(ctx, 'notifier.manage')
  const { deliveryId } = parseInput(redriveInput, input, 'request')
  await transact(ctx, async (tx) => {
    const { count } = await tx.notifyDelivery.updateMany({
      where: { id: deliveryId, state: 'dead' },
      data: { state: 'waiting', attempts: 0, dueAt: ctx.clock.now() },
    })
    const delivery = await tx.notifyDelivery.findUnique({
      where: { id: deliveryId },
      include: { channel: true },
    })
    if (delivery === null) throw new NotFoundError('notice', deliveryId)
    if (count === 0) throw new ConflictError('This notice was not given up: it is delivered, or still tried.')
    await announce(tx, { topic: 'notifier' })
    await append(tx, ctx, {
      stage: 'notify',
      action: 'notice.redriven',
      subject: `channel/${delivery.channelId}`,
      body: { name: delivery.channel.name, logEntry: Number(delivery.seq) },
    })
  })
}
