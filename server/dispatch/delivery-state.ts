import { authorise, type Context } from '../kernel/context.ts'
import type { DeliveryState } from './contract.ts'

/** More are stuck in an outage than anybody reads one by one. */
const mostStuck = 100
/** What is sent with the next try is not stuck yet. */
const graceMs = 30_000

/** What of the outside is real, what of it cannot be read now, and which approved changes do not get there. No credentials. */
export async function deliveryState({ ctx }: { ctx: Context }): Promise<DeliveryState> {
  authorise(ctx, 'target.read')
  const { db, clock } = ctx
  const late = { lte: new Date(clock.now().getTime() - graceMs) }
  const [connections, stuck, deadLetters] = await Promise.all([
    db.connection.findMany({
      where: { targets: { some: { OR: [{ pool: null }, { pool: { workload: { endedAt: null } } }] } } },
      orderBy: { name: 'asc' },
      select: { id: true, name: true, adapter: true, lastError: true, gate: { select: { openUntil: true } } },
    }),
    db.dispatch.findMany({
      // What stands still because all dispatch is stopped is said of the switch.
      where: {
        ...{ state: { in: ['pending', 'dispatching', 'unknown', 'rolling_back'] }, note: { not: null } },
        ...{ deadAt: null, haltedAt: null },
        decision: { at: late, OR: [{ notBefore: null }, { notBefore: late }] },
      },
      orderBy: { createdAt: 'asc' },
      take: mostStuck,
      select: { decisionId: true, decision: { select: { number: true } } },
    }),
    db.dispatch.count({ where: { deadAt: { not: null } } }),
  ])
  const silentOf = (gate: { openUntil: Date | null } | null) => gate !== null && gate.openUntil !== null
  const unread = connections.filter(({ lastError, gate }) => lastError !== null || silentOf(gate))
  return {
    real: connections.flatMap(({ name, adapter }) => (adapter === 'sandbox' ? [] : [name])),
    unread: await Promise.all(
      unread.map(async ({ id, name, gate }) => {
        const { _min } = await db.pool.aggregate({
          where: { target: { connectionId: id }, workload: { endedAt: null } },
          _min: { observedAt: true },
        })
        return { name, silent: silentOf(gate), readAt: _min.observedAt?.toISOString() ?? null }
      }),
    ),
    stuck: stuck.map(({ decisionId, decision }) => ({ decisionId, decisionNumber: decision.number })),
    deadLetters,
  }
}
