import { type Clock, systemClock } from './clock.ts'
import { Prisma } from './db.ts'

/**
 * Now, for a statement about a row that many workers share: by the database's clock, which is one for all of them. A clock that was
 * set by hand, as in tests and replays, goes by itself.
 */
export function nowOf(clock: Clock): Prisma.Sql {
  return clock === systemClock ? Prisma.sql`now()` : Prisma.sql`${clock.now()}::timestamptz`
}
