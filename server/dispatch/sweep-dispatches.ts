import { authorise, type Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { leaseEnd, openStates } from './lease.ts'
import { defaultSettings } from './settings.ts'

/** Time in which a job or a delivery of the queue should have come by itself. */
const graceMs = 15_000
const skewMs = 5_000
const atOnce = 500

/**
 * Sends a job for every approved decision that nobody carries: its job was lost before the first delivery, or its
 * holder died and the delivery after it, too. A swept dispatch has the grace again before it is swept once more.
 */
export async function sweepDispatches({ ctx }: { ctx: Context }): Promise<{ sent: number }> {
  authorise(ctx, 'dispatch.run')
  return transact(ctx, async (tx) => {
    const now = ctx.clock.now()
    const before = new Date(now.getTime() - graceMs)
    // A little in the past, or a worker whose clock is behind would take it for held.
    const again = new Date(now.getTime() - skewMs)
    const missing = await tx.decision.findMany({
      where: {
        kind: { in: ['approve', 'override'] },
        dispatch: null,
        at: { lt: before },
        // What waits for the end of its hold or the start of its window has a job that comes then.
        OR: [{ notBefore: null }, { notBefore: { lt: before } }],
      },
      select: { id: true },
      take: atOnce,
    })
    await tx.dispatch.createMany({
      data: missing.map(({ id }) => ({
        id: ctx.ids.uuid(),
        decisionId: id,
        state: 'pending',
        createdAt: now,
        updatedAt: now,
        leaseUntil: before,
      })),
      skipDuplicates: true,
    })
    const abandoned = await tx.dispatch.findMany({
      where: {
        state: { in: [...openStates] },
        deadAt: null,
        OR: [
          { leaseUntil: { lte: before } },
          { leaseUntil: null, createdAt: { lte: before } },
          // Left by a worker whose clock was ahead.
          { updatedAt: { gt: leaseEnd(now, defaultSettings) } },
        ],
      },
      select: { id: true, decisionId: true, fencingToken: true },
      take: atOnce,
    })
    let sent = 0
    for (const { id, decisionId, fencingToken } of abandoned) {
      const { count } = await tx.dispatch.updateMany({
        where: { id, fencingToken },
        data: { leaseUntil: again, updatedAt: now },
      })
      if (count === 0) continue
      await ctx.queue.send(tx, 'dispatch', { decisionId }, { key: decisionId })
      sent++
    }
    return { sent }
  })
}
