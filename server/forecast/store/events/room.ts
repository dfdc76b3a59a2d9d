import type { Tx } from '../../../kernel/db.ts'
import { ConflictError } from '../../../kernel/errors.ts'

/** Events of one workload, one team or of everybody within a day of each other: every forecast is kept with all of its own. */
const mostAtATime = 50
const dayMs = 86_400_000

/** @throws ConflictError when too many others, of the same workload, team or of everybody, are planned around that time */
export async function requireRoom(
  tx: Tx,
  event: { id?: string; workloadId: string | null; team: string | null; startsAt: string; endsAt: string },
): Promise<void> {
  const others = await tx.plannedEvent.count({
    where: {
      id: event.id === undefined ? undefined : { not: event.id },
      workloadId: event.workloadId,
      team: event.team,
      endsAt: { gt: new Date(Date.parse(event.startsAt) - dayMs) },
      startsAt: { lt: new Date(Date.parse(event.endsAt) + dayMs) },
      cancelledAt: null,
    },
  })
  if (others < mostAtATime) return
  throw new ConflictError(
    `${others} other events are planned from a day before to a day after it; at most ${mostAtATime} are taken. Cancel some, or make one of several.`,
  )
}
