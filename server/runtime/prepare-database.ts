import { Client } from 'pg'
import { type DatabaseVariable, databaseProblem } from '../kernel/database-problem.ts'
import { applicationRole } from '../kernel/db.ts'

/** Held while a database is migrated, so that two starts on one database do it one after the other. */
const migrationLock = 4_867_231_905

async function scalar(client: Client, sql: string, values: unknown[] = []): Promise<unknown> {
  const result = await client.query<unknown[]>({ text: sql, values, rowMode: 'array' })
  return result.rows[0]?.[0]
}

const oldestVersion = 16

/** @throws when the server is older than the oldest that the migrations run on. */
async function requireVersion(client: Client): Promise<void> {
  const version = Number(await scalar(client, 'SHOW server_version_num'))
  if (version >= oldestVersion * 10_000) return
  throw new Error(
    `PostgreSQL ${oldestVersion} or newer is needed; this server is ${Math.floor(version / 10_000)}.`,
  )
}

/**
 * Makes what migrations rely on: the application's role, which grants name, and our right to act as
 * it, so that it can be given a schema. `appUser` is the user that the application signs in as.
 */
async function prepare(client: Client, appUser: string): Promise<void> {
  if (!(await scalar(client, 'SELECT true FROM pg_roles WHERE rolname = $1', [applicationRole]))) {
    await attempt(client, `CREATE ROLE ${applicationRole} NOLOGIN`)
  }
  const members = [String(await scalar(client, 'SELECT current_user')), appUser]
  for (const member of new Set(members)) {
    if (await scalar(client, "SELECT pg_has_role($1, $2, 'SET')", [member, applicationRole])) continue
    await attempt(client, `GRANT ${applicationRole} TO ${client.escapeIdentifier(member)}`)
  }
}

/** @throws Error that names the statement, for an administrator to run it instead. */
async function attempt(client: Client, statement: string): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`The database user may not run "${statement}": ${why}. Let an administrator run it once.`)
  }
}

/** @throws Error that says why there is no connection. The file of an authority is read as the client is made. */
async function connect(url: string, variable: DatabaseVariable): Promise<Client> {
  try {
    const client = new Client({ connectionString: url })
    await client.connect()
    return client
  } catch (error) {
    throw databaseProblem(url, error, variable)
  }
}

/** Prepares the database at `ownerUrl` and runs `migrate` while no other start can. */
export async function withPreparedDatabase<T>(
  ownerUrl: string,
  appUrl: string,
  migrate: () => Promise<T>,
): Promise<T> {
  const client = await connect(ownerUrl, ownerUrl === appUrl ? 'DATABASE_URL' : 'DATABASE_OWNER_URL')
  try {
    await requireVersion(client)
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
    await prepare(client, decodeURIComponent(new URL(appUrl).username))
    return await migrate()
  } finally {
    await client.end()
  }
}
