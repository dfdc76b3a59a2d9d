import { systemClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { openHost } from '../kernel/host.ts'
import { randomIds } from '../kernel/ids.ts'

/**
 * Connects, lets `work` act as the system, and disconnects.
 * @throws Error when the environment is not complete or the database cannot be reached
 */
export async function withSystem<T>(
  component: string,
  source: Record<string, string | undefined>,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const host = await openHost(component, { supervise: false, source })
  try {
    return await work({
      db: host.db,
      queue: host.queue,
      log: host.log,
      clock: systemClock,
      ids: randomIds,
      actor: { kind: 'system', component },
      requestId: randomIds.uuid(),
    })
  } finally {
    await host.queue.close()
    await host.db.$disconnect()
  }
}
