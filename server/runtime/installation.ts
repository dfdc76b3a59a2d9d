import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Context } from '../kernel/context.ts'
import { lockDataDir, lockHolder } from './data-dir-lock.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { applyMigrations } from './migrator.ts'
import { clusterUrls, readAccess } from './postgres-cluster.ts'
import type { Addresses } from './product-plan.ts'
import { secretsEnvironment } from './secrets.ts'
import { withSystem } from './system-context.ts'

export type Installation = Addresses & {
  dataDir: string
  /** The variables that processes of this installation get. */
  environment: Record<string, string | undefined>
}

/** The data folder that the environment names. */
export function dataDirOf(given: Record<string, string | undefined>): string {
  return path.resolve(given.INFRASAGE_DATA_DIR ?? '.infrasage')
}

/**
 * Lets `work` use the installation that the environment names: the database of `DATABASE_URL`, or the embedded one
 * of the data folder, which is started for as long as this takes unless InfraSage runs.
 * @throws Error when there is no installation yet
 */
export async function withInstallation<T>(
  given: NodeJS.ProcessEnv,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const dataDir = dataDirOf(given)
  const use = ({ appUrl, ownerUrl }: Addresses) => {
    const own = { DATABASE_URL: appUrl, INFRASAGE_DATA_DIR: dataDir }
    return work({
      appUrl,
      ownerUrl,
      dataDir,
      environment: { ...given, ...secretsEnvironment(dataDir, given), ...own },
    })
  }
  const { DATABASE_URL: outside, DATABASE_OWNER_URL: outsideOwner } = given
  if (outside) return use({ appUrl: outside, ownerUrl: outsideOwner ?? outside })
  const access = existsSync(dataDir) ? readAccess(dataDir) : null
  if (access === null) {
    throw new Error(
      `There is no installation in ${dataDir}. Run \`npm start\` once, or name one by INFRASAGE_DATA_DIR or DATABASE_URL.`,
    )
  }
  if ((await lockHolder(dataDir)) !== null) return use(clusterUrls(access))
  const lock = await lockDataDir(dataDir)
  try {
    const server = await startEmbeddedPostgres({ dataDir })
    try {
      await applyMigrations(server.ownerUrl, { appUrl: server.appUrl })
      return await use(server)
    } finally {
      await server.stop()
    }
  } finally {
    await lock.release()
  }
}

/** The same, acting as the system: for commands of whoever may read the data folder. */
export function withInstallationContext<T>(
  component: string,
  given: NodeJS.ProcessEnv,
  work: (ctx: Context, installation: Installation) => Promise<T>,
): Promise<T> {
  return withInstallation(given, (installation) =>
    withSystem(component, installation.environment, (ctx) => work(ctx, installation)),
  )
}
