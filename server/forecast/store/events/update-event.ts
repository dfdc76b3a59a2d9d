import { append } from '../../../audit/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { type EventUpdate, type EventView, eventUpdate } from '../../events/contract.ts'
import { eventView, requireSpan } from './event-view.ts'
import { requireRoom } from './room.ts'

/**
 * Changes an event for the forecasts that follow; those that were issued keep what they were told.
 * @throws NotFoundError, InvalidInputError naming the field, ConflictError if it is cancelled or among too many
 */
export async function updateEvent({ ctx, input }: Verb<EventUpdate>): Promise<EventView> {
  authorise(ctx, 'event.manage')
  const { id, ...change } = parseInput(eventUpdate, input, 'change')
  if (Object.keys(change).length === 0) throw new InvalidInputError('The change holds no field to change.')
  return transact(ctx, async (tx) => {
    await tx.$executeRaw`SELECT 1 FROM "PlannedEvent" WHERE "id" = ${id}::uuid FOR UPDATE`
    const before = await tx.plannedEvent.findUnique({ where: { id } })
    if (before === null) throw new NotFoundError('event', id)
    if (before.cancelledAt !== null) {
      throw new ConflictError(`"${before.name}" is cancelled; create another event instead.`)
    }
    const { startsAt, endsAt } = { ...eventView(before), ...change }
    requireSpan({ startsAt, endsAt }, ctx.clock.now())
    const { workloadId, team } = before
    await requireRoom(tx, { id, workloadId, team, startsAt, endsAt })
    const row = await tx.plannedEvent.update({
      where: { id },
      data: { ...change, updatedAt: ctx.clock.now() },
    })
    const { name, kind, expectedFactor, startsAt: from, endsAt: to } = eventView(before)
    await announce(tx, { topic: 'event', id })
    await append(tx, ctx, {
      stage: 'forecast',
      action: 'event.changed',
      subject: `event/${id}`,
      body: { before: { name, kind, expectedFactor, startsAt: from, endsAt: to }, change },
    })
    return eventView(row)
  })
}
