import type { Tx } from '../../kernel/db.ts'
import type { DispatchSwitch } from '../../kernel/generated/client.ts'
import { storedActor } from '../stored.ts'
import { instant, whoIs } from '../words.ts'

/** The newest state of the switch; null before it was ever touched, which is off. */
export async function switchNow(tx: Tx): Promise<DispatchSwitch | null> {
  return tx.dispatchSwitch.findFirst({ orderBy: { number: 'desc' } })
}

/**
 * Why nothing may be written to a target now; null if it may. Held until the transaction ends: whoever lets a write go under
 * it commits before the switch is engaged, or finds it engaged. Taken last, so that nobody who holds it waits for another.
 */
export async function haltedBy(tx: Tx): Promise<string | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended('dispatch-switch', 0))`
  const now = await switchNow(tx)
  if (!now?.engaged) return null
  return `All dispatch was stopped by ${whoIs(storedActor(now.actor))} at ${instant(now.at)}: ${now.reason}`
}

/** Waits for every transaction that is about to let a write go, and lets none begin until this one ends. */
export async function lockSwitch(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('dispatch-switch', 0))`
}
