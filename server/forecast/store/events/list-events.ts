import { authorise, type Verb } from '../../../kernel/context.ts'
import type { Prisma, Tx } from '../../../kernel/db.ts'
import { NotFoundError } from '../../../kernel/errors.ts'
import { parseInput } from '../../../kernel/parse.ts'
import { type EventQuery, type EventView, eventQuery, type PlannedEvent } from '../../events/contract.ts'
import { eventView } from './event-view.ts'

/** What a screen can show; the latest ones. */
const maxEvents = 500

const whose = (workload: { id: string; team: string }): Prisma.PlannedEventWhereInput => ({
  OR: [{ workloadId: workload.id }, { team: workload.team }, { workloadId: null, team: null }],
})

/** Planned events in order of their beginning; of at most the 500 that begin last. @throws NotFoundError */
export async function listEvents({ ctx, input }: Verb<EventQuery>): Promise<EventView[]> {
  authorise(ctx, 'forecast.read')
  const { workloadId, from, to, cancelled } = parseInput(eventQuery, input, 'query')
  const workload =
    workloadId === undefined ? null : await ctx.db.workload.findUnique({ where: { id: workloadId } })
  if (workloadId !== undefined && workload === null) throw new NotFoundError('workload', workloadId)
  const rows = await ctx.db.plannedEvent.findMany({
    where: {
      ...(workload === null ? {} : whose(workload)),
      endsAt: from === undefined ? undefined : { gt: from },
      startsAt: to === undefined ? undefined : { lt: to },
      cancelledAt: cancelled === 'with' ? undefined : null,
    },
    orderBy: [{ startsAt: 'desc' }, { id: 'asc' }],
    take: maxEvents,
  })
  return rows.reverse().map(eventView)
}

/** The events that touch a workload within [from, to), as its model is told: by beginning, then id. @throws when it is gone */
export async function eventsOf(tx: Tx, workloadId: string, from: Date, to: Date): Promise<PlannedEvent[]> {
  const workload = await tx.workload.findUniqueOrThrow({
    where: { id: workloadId },
    select: { id: true, team: true },
  })
  const rows = await tx.plannedEvent.findMany({
    where: { ...whose(workload), endsAt: { gt: from }, startsAt: { lt: to }, cancelledAt: null },
    orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map(eventView).map(({ id, name, kind, startsAt, endsAt, expectedFactor }) => {
    return { id, name, kind, startsAt, endsAt, expectedFactor }
  })
}
