import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '../embedded-postgres.ts'
import { applyMigrations } from '../migrator.ts'
import { clusterFiles } from '../postgres-cluster.ts'
import { runningPostmaster } from '../postmaster.ts'
import { secretsEnvironment } from '../secrets.ts'

/** What `pg_ctl stop -m` sends: *fast* ends every session and writes all to disk, *immediate* is a crash of the server. */
const signals = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const
export type StopMode = keyof typeof signals

export type StoppableDatabase = {
  appUrl: string
  /** What a process of the product reads from its environment, for this database. */
  environment: Record<string, string>
  /** Resolves when the server has ended. */
  stop(mode: StopMode): Promise<void>
  /** Starts it again, on the same port and the same files; resolves when it answers. */
  start(): Promise<void>
}

/** Runs `work` on a migrated database of a durable server of its own, which may be stopped and started at will. */
export async function withStoppableDatabase(
  work: (database: StoppableDatabase) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'infrasage-outage-'))
  let server = await startEmbeddedPostgres({ dataDir, durable: true })
  const { ownerUrl, appUrl, port } = server
  try {
    await applyMigrations(ownerUrl, { appUrl })
    await work({
      appUrl,
      environment: { ...secretsEnvironment(dataDir, process.env), DATABASE_URL: appUrl },
      stop: async (mode) => {
        const pid = runningPostmaster(clusterFiles(dataDir).cluster)
        if (pid === null) throw new Error('The database does not run.')
        process.kill(pid, signals[mode])
        await server.ended
      },
      start: async () => {
        server = await startEmbeddedPostgres({ dataDir, durable: true })
        if (server.port !== port) throw new Error(`Port ${port} of the database was taken meanwhile.`)
      },
    })
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
