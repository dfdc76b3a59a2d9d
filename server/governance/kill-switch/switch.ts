import { Prisma, type Tx } from '../../kernel/db.ts'
import type { DispatchSwitch } from '../../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading, rowOf } from '../../kernel/reading.ts'
import { lockInOrder, switchStays } from '../locks.ts'
import { storedActor } from '../stored.ts'
import { instant, whoIs } from '../words.ts'

/** The newest state of the switch; null before it was ever touched, which is off. */
const newestSwitch: Reading<DispatchSwitch | null> = reading(
  Prisma.sql`SELECT to_json(s) FROM "DispatchSwitch" s ORDER BY s."number" DESC LIMIT 1`,
  (row: AsJson<DispatchSwitch> | null) => row && rowOf<DispatchSwitch>(row, { at: true }),
)

/** Why nothing may be written to a target now; null if it may. Holds only under `switchStays`. */
export const halt: Reading<string | null> = {
  ...newestSwitch,
  of: (json) => {
    const now = newestSwitch.of(json)
    if (!now?.engaged) return null
    return `All dispatch was stopped by ${whoIs(storedActor(now.actor))} at ${instant(now.at)}: ${now.reason}`
  },
}

export async function switchNow(tx: Tx): Promise<DispatchSwitch | null> {
  return read(tx, newestSwitch)
}

/** Why nothing may be written to a target, held until the transaction ends. */
export async function haltedBy(tx: Tx): Promise<string | null> {
  await lockInOrder(tx, [switchStays])
  return read(tx, halt)
}
