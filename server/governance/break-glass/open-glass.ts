import type { Tx } from '../../kernel/db.ts'
import type { BreakGlass } from '../../kernel/generated/client.ts'

/** The glass that this person broke and that still is broken; null where there is none. It serves nobody else. */
export async function openGlassOf(tx: Tx, userId: string, now: Date): Promise<BreakGlass | null> {
  return tx.breakGlass.findFirst({
    where: { userId, endedAt: null, openedAt: { lte: now }, expiresAt: { gt: now } },
    orderBy: { number: 'desc' },
  })
}
