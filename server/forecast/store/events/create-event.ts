import { append } from '../../../audit/index.ts'
import { announce } from '../../../kernel/bus.ts'
import { authorise, type Verb } from '../../../kernel/context.ts'
import { InvalidInputError, NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { transact } from '../../../kernel/transact.ts'
import { type EventInput, type EventView, eventInput } from '../../events/contract.ts'
import { eventView, requireSpan } from './event-view.ts'
import { requireRoom } from './room.ts'

/**
 * Says that something is coming: forecasts from the next step on take it into account.
 * @throws NotFoundError without such a workload or team, InvalidInputError naming the field, ConflictError among too many
 */
export async function createEvent({ ctx, input }: Verb<EventInput>): Promise<EventView> {
  authorise(ctx, 'event.manage')
  const event = parseInput(eventInput, input, 'event')
  requireSpan(event, ctx.clock.now())
  if (event.workloadId !== null && event.team !== null) {
    throw new InvalidInputError('Give workloadId or team, or neither for an event of every workload.', [
      { path: 'team', message: 'is given beside workloadId', expected: 'one of them' },
    ])
  }
  return transact(ctx, async (tx) => {
    const { workloadId, team } = event
    if (workloadId !== null && (await tx.workload.count({ where: { id: workloadId } })) === 0) {
      throw new NotFoundError('workload', workloadId)
    }
    if (team !== null && (await tx.workload.count({ where: { team } })) === 0) {
      throw new NotFoundError('workload of the team', team)
    }
    await requireRoom(tx, event)
    const now = ctx.clock.now()
    const row = await tx.plannedEvent.create({
      data: { ...event, id: ctx.ids.uuid(), createdAt: now, updatedAt: now },
    })
    await announce(tx, { topic: 'event', id: row.id })
    await append(tx, ctx, {
      stage: 'forecast',
      action: 'event.created',
      subject: `event/${row.id}`,
      body: event,
    })
    return eventView(row)
  })
}
