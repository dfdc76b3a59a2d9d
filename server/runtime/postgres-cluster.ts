import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { z } from 'zod'
import { applicationRole } from '../kernel/db.ts'
import { readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'
import { isRoot, postgresBinaries, unprivileged, unprivilegedId } from './postgres-binaries.ts'

export const databaseName = 'infrasage'
/** Owns the database and its tables; only migrations use it. */
export const ownerRole = 'infrasage_owner'

const clusterAccess = z.object({
  port: z.number().int(),
  superuserPassword: z.string(),
  ownerPassword: z.string(),
  appPassword: z.string(),
})

/** The port last used and the passwords of the three roles. */
export type ClusterAccess = z.infer<typeof clusterAccess>

/** Where the parts of an embedded cluster are. */
export function clusterFiles(dataDir: string) {
  return {
    cluster: path.join(dataDir, 'postgres'),
    access: path.join(dataDir, 'postgres.json'),
    log: path.join(dataDir, 'postgres.log'),
  }
}

/** Access to the cluster of a data folder; null when it has none yet. */
export function readAccess(dataDir: string): ClusterAccess | null {
  return readPrivateJson(clusterFiles(dataDir).access, clusterAccess)
}

/** Remembers the port and the passwords, readable by the owner of the data folder only. */
export function writeAccess(dataDir: string, access: ClusterAccess): void {
  writePrivateJson(clusterFiles(dataDir).access, access)
}

/** Connection strings of the three roles. */
export function clusterUrls(access: ClusterAccess, database = databaseName) {
  const url = (user: string, password: string, name: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${access.port}/${name}`
  return {
    superuserUrl: url('postgres', access.superuserPassword, 'postgres'),
    ownerUrl: url(ownerRole, access.ownerPassword, database),
    appUrl: url(applicationRole, access.appPassword, database),
  }
}

const password = () => randomBytes(24).toString('base64url')

/**
 * Makes the cluster of a data folder unless it is there. `PG_VERSION` is the last file that a finished
 * set-up is told by; a half-made folder of an interrupted first start is made anew.
 */
export async function ensureCluster(dataDir: string): Promise<ClusterAccess> {
  const files = clusterFiles(dataDir)
  const known = readAccess(dataDir)
  if (known && existsSync(path.join(files.cluster, 'PG_VERSION'))) return known

  rmSync(files.cluster, { recursive: true, force: true })
  mkdirSync(files.cluster, { mode: 0o700 })
  const access = {
    port: 0,
    superuserPassword: password(),
    ownerPassword: password(),
    appPassword: password(),
  }
  const passwordFile = path.join(dataDir, 'initdb.password')
  writeFileSync(passwordFile, access.superuserPassword, { mode: 0o600 })
  if (isRoot()) {
    chownSync(files.cluster, unprivilegedId, unprivilegedId)
    chownSync(passwordFile, unprivilegedId, unprivilegedId)
  }
  const { initdb } = await postgresBinaries()
  const { file, args } = unprivileged([
    ...[initdb, '-D', files.cluster, '--username=postgres', `--pwfile=${passwordFile}`, '--no-instructions'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    '--auth=scram-sha-256',
  ])
  try {
    await promisify(execFile)(file, args, { cwd: dataDir })
  } catch (error) {
    rmSync(files.cluster, { recursive: true, force: true })
    throw new Error(`The embedded database could not be set up in ${files.cluster}.`, { cause: error })
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeAccess(dataDir, access)
  return access
}

/** Makes the roles and the database of a running cluster where they are missing, and sets the passwords. */
export async function ensureRolesAndDatabase(access: ClusterAccess): Promise<void> {
  const client = new Client({ connectionString: clusterUrls(access).superuserUrl })
  await client.connect()
  try {
    const roles = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')
    const verb = (role: string) => (roles.rows.some((row) => row.rolname === role) ? 'ALTER' : 'CREATE')
    const secret = (text: string) => client.escapeLiteral(text)
    await client.query(
      `${verb(applicationRole)} ROLE ${applicationRole} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${secret(access.appPassword)}`,
    )
    await client.query(
      `${verb(ownerRole)} ROLE ${ownerRole} LOGIN NOSUPERUSER CREATEDB NOCREATEROLE PASSWORD ${secret(access.ownerPassword)}`,
    )
    await client.query(`GRANT ${applicationRole} TO ${ownerRole}`)
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} OWNER ${ownerRole}`)
  } finally {
    await client.end()
  }
}
