import { setTimeout as delay } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

export type SupervisedDatabase = {
  ownerUrl: string
  appUrl: string
  stop(): Promise<void>
}

export type DatabaseEvents = {
  onEnded(restartInMs: number): void
  /** The address may have changed, if the port was taken in between. */
  onRestarted(database: SupervisedDatabase): void
  onGivenUp(error: unknown): void
}

const attempts = 8
const firstBackoffMs = 200
const longestBackoffMs = 5_000

/** The embedded server of a data folder, started again whenever it ends by itself. */
export async function superviseDatabase(
  options: { dataDir: string; durable?: boolean },
  events: DatabaseEvents,
): Promise<SupervisedDatabase> {
  let stopping = false
  let running: EmbeddedPostgres = await startEmbeddedPostgres(options)

  const database: SupervisedDatabase = {
    ownerUrl: running.ownerUrl,
    appUrl: running.appUrl,
    stop: async () => {
      stopping = true
      await running.stop()
    },
  }

  const restart = async () => {
    for (let attempt = 0; !stopping; attempt++) {
      const restartInMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** attempt)
      events.onEnded(restartInMs)
      await delay(restartInMs)
      if (stopping) return
      try {
        running = await startEmbeddedPostgres(options)
        Object.assign(database, { ownerUrl: running.ownerUrl, appUrl: running.appUrl })
        if (stopping) return await running.stop()
        watch()
        return events.onRestarted(database)
      } catch (error) {
        if (attempt + 1 === attempts) return events.onGivenUp(error)
      }
    }
  }

  const watch = () => {
    void running.ended.then(() => {
      if (!stopping) void restart()
    })
  }
  watch()
  return database
}
