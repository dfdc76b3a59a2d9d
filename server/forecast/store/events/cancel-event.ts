import { append } from '../../../audit/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { ConflictError, NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { type CancelEventInput, cancelEventInput, type EventView } from '../../events/contract.ts'
import { eventView } from './event-view.ts'

/**
 * Takes an event back: forecasts from the next step on no longer know it.
 * @throws NotFoundError, ConflictError if somebody cancelled it before
 */
export async function cancelEvent({ ctx, input }: Verb<CancelEventInput>): Promise<EventView> {
  authorise(ctx, 'event.manage')
  const { id, reason } = parseInput(cancelEventInput, input, 'request')
  return transact(ctx, async (tx) => {
    const now = ctx.clock.now()
    const [row] = await tx.plannedEvent.updateManyAndReturn({
      where: { id, cancelledAt: null },
      data: { cancelledAt: now, updatedAt: now },
    })
    if (row === undefined) {
      const there = await tx.plannedEvent.findUnique({ where: { id } })
      if (there === null) throw new NotFoundError('event', id)
      throw new ConflictError(`"${there.name}" was cancelled already.`)
    }
    await announce(tx, { topic: 'event', id })
    await append(tx, ctx, {
      stage: 'forecast',
      action: 'event.cancelled',
      subject: `event/${id}`,
      body: { name: row.name, reason },
    })
    return eventView(row)
  })
}
