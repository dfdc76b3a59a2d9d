import pg from 'pg'
import { Prisma, PrismaClient } from './generated/client.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { statementNames } from './statement-names.ts'

export type Db = PrismaClient
export type Tx = Prisma.TransactionClient
/** Row types of every table, and Prisma's helpers: the one door to the generated client. */
export type * from './generated/client.ts'
export { Prisma }

/** The role that the product works under; it owns no table and may not change the log. */
export const applicationRole = 'infrasage_app'

/**
 * Longer than any transaction of ours waits for our own code. A process that stands still in the middle of one, stopped
 * or cut off, holds the log's lock until then, and everybody waits for it.
 */
const idleInTransaction = '120s'

/**
 * Connection settings for the application: an outside database is entered under its own user, and then
 * works as `infrasage_app`, so that grants hold there too. The driver sends times without their zone, so the
 * session's zone must be UTC wherever the server stands.
 */
export function applicationConnection(databaseUrl: string): { connectionString: string; options: string } {
  const user = decodeURIComponent(new URL(databaseUrl).username)
  const role = user === applicationRole ? '' : ` -c role=${applicationRole}`
  return {
    connectionString: databaseUrl,
    options: `-c timezone=UTC -c idle_in_transaction_session_timeout=${idleInTransaction}${role}`,
  }
}

/** A client on the application's role. `max`: connections in the pool. */
export function createDb(databaseUrl: string, max = 10): Db {
  const pool = new pg.Pool({ ...applicationConnection(databaseUrl), max })
  // A connection that the server ends just as it is handed out has no listener yet; unheard, the error would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const options = { disposeExternalPool: true, statementNameGenerator: statementNames() }
  // Any other form takes a stack with every statement, in case that it fails.
  return new PrismaClient({ adapter: new OneAtATime(pool, options), errorFormat: 'minimal' })
}
