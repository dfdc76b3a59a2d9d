import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { databaseProblem } from './database-problem.ts'

/** Where the schema's files and its migrations are. */
export type SchemaDir = { schemaDir: string; migrationsDir: string }

/** Names of migrations that this version has and the database has not, and of those where it is the other way round. */
export type SchemaGap = { missing: string[]; newer: string[] }

const root = path.resolve(import.meta.dirname, '../..')

export const projectSchema: SchemaDir = {
  schemaDir: path.join(root, 'prisma'),
  migrationsDir: path.join(root, 'prisma/migrations'),
}

/** Names of all migrations, in the order in which they are applied. */
export function migrationNames({ migrationsDir }: SchemaDir): string[] {
  if (!existsSync(migrationsDir)) return []
  const entries = readdirSync(migrationsDir, { withFileTypes: true })
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
}

/** Names of the migrations that the database has finished. Empty when it has none of our tables. */
export async function appliedMigrations(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const table = await client.query(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`)
    if (!table.rows[0]?.there) return []
    const rows = await client.query<{ migration_name: string }>(
      'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1',
    )
    return rows.rows.map((row) => row.migration_name)
  } finally {
    await client.end()
  }
}

/** Compares the database with the migrations of this version. */
export async function schemaGap(url: string, dir = projectSchema): Promise<SchemaGap> {
  const applied = await appliedMigrations(url)
  const known = migrationNames(dir)
  return {
    missing: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
  }
}

/**
 * Names of the migrations that the database has beyond this version, which works on it nevertheless.
 * @throws Error when it lacks one of this version's, or cannot be reached
 */
export async function requireMigrated(url: string): Promise<string[]> {
  const { missing, newer } = await schemaGap(url).catch((error: unknown) => {
    throw databaseProblem(url, error)
  })
  if (missing.length === 0) return newer
  throw new Error(
    `The database at ${new URL(url).host} is older than this version: it lacks the migrations ${missing.join(', ')}. Apply them first: \`node server/runtime/migrate.ts apply\`.`,
  )
}
