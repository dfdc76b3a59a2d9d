import { existsSync, statSync } from 'node:fs'
import { Client } from 'pg'
import { applicationConnection } from '../kernel/db.ts'
import { migrationNames, projectSchema, schemaGap } from '../kernel/migrations.ts'
import { lockHolder } from './data-dir-lock.ts'
import { dataDirOf, withInstallation } from './installation.ts'
import { secretFiles } from './secrets.ts'

/** One thing that was looked at. `detail` says what was seen or, if it is not right, what to do. */
export type Check = { name: string; ok: boolean; detail: string }

const leastNodeMajor = 24

async function check(name: string, look: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function nodeVersion(): string {
  const major = Number.parseInt(process.versions.node, 10)
  if (major < leastNodeMajor) {
    throw new Error(
      `Node ${process.versions.node} runs this; ${leastNodeMajor} or newer is needed. Use \`npm run\`.`,
    )
  }
  return `Node ${process.versions.node}`
}

function privateFiles(dataDir: string): string {
  const { secrets, auditKey } = secretFiles(dataDir)
  const open = [dataDir, secrets, auditKey].filter(
    (file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0,
  )
  if (open.length > 0) throw new Error(`Others can read ${open.join(', ')}. Run: chmod go= ${open.join(' ')}`)
  return `${dataDir} is closed to others`
}

async function migrationsCurrent(ownerUrl: string): Promise<string> {
  const { missing } = await schemaGap(ownerUrl)
  if (missing.length > 0) throw new Error(`${missing.join(', ')} not applied. \`npm start\` applies them.`)
  return `all ${migrationNames(projectSchema).length} applied`
}

/** Tries what must be refused, in a transaction that is rolled back whatever happens. */
async function logIsAppendOnly(appUrl: string): Promise<string> {
  const client = new Client(applicationConnection(appUrl))
  await client.connect()
  try {
    for (const statement of ['UPDATE "AuditEntry" SET "stage" = "stage"', 'DELETE FROM "AuditEntry"']) {
      await client.query('BEGIN')
      const refused = await client.query(statement).then(
        () => false,
        () => true,
      )
      await client.query('ROLLBACK')
      if (!refused)
        throw new Error(
          `The database lets the application run: ${statement}. Check the grants of infrasage_app.`,
        )
    }
    return 'the database refuses the application to change or delete entries'
  } finally {
    await client.end()
  }
}

async function serverVersion(appUrl: string): Promise<string> {
  const client = new Client(applicationConnection(appUrl))
  await client.connect()
  try {
    const result = await client.query<{ server_version: string }>('SHOW server_version')
    return `PostgreSQL ${result.rows[0]?.server_version}`
  } finally {
    await client.end()
  }
}

/** Looks at everything that a working installation rests on. Changes nothing but for migrations that are due. */
export async function doctor(given: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  const dataDir = dataDirOf(given)
  const checks = [
    await check('node', nodeVersion),
    await check('data folder', () => privateFiles(dataDir)),
    await check('server', async () => {
      const holder = await lockHolder(dataDir)
      return holder === null ? 'does not run' : `runs as process ${holder}`
    }),
  ]
  const reached = await check('installation', () =>
    withInstallation(given, async ({ appUrl, ownerUrl }) => {
      checks.push(
        await check('database', () => serverVersion(appUrl)),
        await check('migrations', () => migrationsCurrent(ownerUrl)),
        await check('audit log', () => logIsAppendOnly(appUrl)),
      )
      return dataDir
    }),
  )
  return reached.ok ? checks : [...checks, reached]
}
