import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { systemClock } from '../kernel/clock.ts'
import type { Context } from '../kernel/context.ts'
import { openHost } from '../kernel/host.ts'
import { randomIds } from '../kernel/ids.ts'
import { lockDataDir, lockHolder } from './data-dir-lock.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { clusterUrls, readAccess } from './postgres-cluster.ts'
import { secretsEnvironment } from './secrets.ts'

/** An installation as a command of the command line enters it. `keyFile`: the key of audit checkpoints. */
export type Installation = { ctx: Context; keyFile: string; close(): Promise<void> }

/**
 * Opens what `DATABASE_URL` or the data folder names: a running product is joined; the database of one that does not
 * run is started for as long as the command takes.
 * @throws Error when there is no installation yet
 */
export async function openInstallation(given: NodeJS.ProcessEnv = process.env): Promise<Installation> {
  const dataDir = path.resolve(given.INFRASAGE_DATA_DIR ?? '.infrasage')
  const database = await reachDatabase(dataDir, given.DATABASE_URL)
  try {
    const source = {
      INFRASAGE_DATA_DIR: dataDir,
      ...secretsEnvironment(dataDir, given),
      DATABASE_URL: database.url,
    }
    const host = await openHost('cli', { supervise: false, source })
    const { db, queue, log } = host
    return {
      ctx: {
        db,
        queue,
        log,
        clock: systemClock,
        ids: randomIds,
        actor: { kind: 'system', component: `command line (${userInfo().username})` },
        requestId: randomIds.uuid(),
      },
      keyFile: host.env.INFRASAGE_AUDIT_KEY_FILE,
      close: async () => {
        await queue.close()
        await db.$disconnect()
        await database.release()
      },
    }
  } catch (error) {
    await database.release()
    throw error
  }
}

async function reachDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
): Promise<{ url: string; release(): Promise<void> }> {
  if (databaseUrl) return { url: databaseUrl, release: async () => undefined }
  const access = existsSync(dataDir) ? readAccess(dataDir) : null
  if (access === null) {
    throw new Error(
      `There is no installation in ${dataDir}. Run \`npm start\` once, or name one by INFRASAGE_DATA_DIR or DATABASE_URL.`,
    )
  }
  if ((await lockHolder(dataDir)) !== null) {
    return { url: clusterUrls(access).appUrl, release: async () => undefined }
  }
  const lock = await lockDataDir(dataDir)
  try {
    const server = await startEmbeddedPostgres({ dataDir })
    return {
      url: server.appUrl,
      release: async () => {
        await server.stop()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}
