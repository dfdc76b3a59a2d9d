import { databaseProblem } from './database-problem.ts'
import { createDb, type Db } from './db.ts'
import { type Env, readEnv } from './env.ts'
import { createLogger, type Logger } from './log.ts'
import { openQueue, type QueueHost } from './queue.ts'

/** What one process of ours holds open for as long as it lives. */
export type Host = { env: Env; db: Db; queue: QueueHost; log: Logger }

/**
 * Reads the environment and connects. `supervise`: whether this process looks after the queue, as workers do.
 * `source`: the variables, if not those of the process.
 * @throws Error when the environment is not complete or the database cannot be reached; nothing is left open then.
 */
export async function openHost(
  component: string,
  options: { supervise: boolean; source?: Record<string, string | undefined> },
): Promise<Host> {
  const env = readEnv(options.source)
  const log = createLogger(component)
  let db: Db | undefined
  try {
    db = createDb(env.DATABASE_URL)
    return { env, log, db, queue: await openQueue(env.DATABASE_URL, log, options.supervise) }
  } catch (error) {
    await db?.$disconnect()
    throw databaseProblem(env.DATABASE_URL, error)
  }
}
