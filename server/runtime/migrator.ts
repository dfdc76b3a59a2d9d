import { Client } from 'pg'
import { applicationRole } from '../kernel/db.ts'
import { appliedMigrations, migrationNames, projectSchema, type SchemaDir } from '../kernel/migrations.ts'
import { readMigrations, readSchema, writeMigration } from './migration-files.ts'
import { withPreparedDatabase } from './prepare-database.ts'
import { createScratchDatabase, withSchemaEngine } from './schema-engine.ts'

const filters = { externalTables: [], externalEnums: [] }

/**
 * Applies what is outstanding and returns the names. Looks afterwards whether the database really has every
 * migration, because an engine that did nothing would also report success.
 */
export async function applyMigrations(
  ownerUrl: string,
  options: { appUrl?: string; dir?: SchemaDir } = {},
): Promise<string[]> {
  const dir = options.dir ?? projectSchema
  return withPreparedDatabase(ownerUrl, options.appUrl ?? ownerUrl, async () => {
    const done = new Set(await appliedMigrations(ownerUrl))
    const wanted = migrationNames(dir)
    if (wanted.length === 0) throw new Error(`There are no migrations in ${dir.migrationsDir}.`)
    const outstanding = wanted.filter((name) => !done.has(name))
    if (outstanding.length === 0) {
      await tellApplication(ownerUrl)
      return []
    }
    const migrationsList = readMigrations(dir)
    await withSchemaEngine(ownerUrl, readSchema(dir), (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    )
    const now = new Set(await appliedMigrations(ownerUrl))
    const missing = wanted.filter((name) => !now.has(name))
    if (missing.length > 0)
      throw new Error(`The engine reported success but did not apply ${missing.join(', ')}.`)
    await tellApplication(ownerUrl)
    return outstanding
  })
}

/** Lets the application see which migrations there are, so that it can wait for its own. */
async function tellApplication(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`GRANT SELECT ON _prisma_migrations TO ${applicationRole}`)
  } finally {
    await client.end()
  }
}

/**
 * Writes the migration that leads from the present ones to the schema; an empty one, for SQL of one's own,
 * when they agree. Works in a scratch database.
 */
export async function createMigration(ownerUrl: string, name: string, dir = projectSchema): Promise<string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new Error(
      `"${name}" is no name for a migration; lower-case letters, digits and _ are, e.g. add_budgets.`,
    )
  }
  const scratch = await createScratchDatabase(ownerUrl)
  try {
    if (migrationNames(dir).length > 0) await applyMigrations(scratch.url, { dir })
    const migrationsList = readMigrations(dir)
    const schema = readSchema(dir)
    const script = await withSchemaEngine(scratch.url, schema, async (engine) => {
      const { action } = await engine.devDiagnostic({ migrationsList, filters })
      if (action.tag === 'reset') throw new Error(`The migrations cannot be continued: ${action.reason}`)
      const made = await engine.createMigration({
        draft: true,
        migrationName: name,
        migrationsList,
        schema: { files: schema.map(([path, content]) => ({ path, content })) },
        filters,
      })
      return made.migrationScript
    })
    return writeMigration(dir, name, script ?? '')
  } finally {
    await scratch.drop()
  }
}

/**
 * Checks that the migrations and the schema agree. Returns the SQL that would still be needed, or null.
 * @throws when nothing was checked: no migrations, an engine that sees no schema, or one that applied nothing
 */
export async function checkMigrations(ownerUrl: string, dir = projectSchema): Promise<string | null> {
  const scratch = await createScratchDatabase(ownerUrl)
  try {
    await applyMigrations(scratch.url, { dir })
    const files = readSchema(dir).map(([path, content]) => ({ path, content }))
    const to = { tag: 'schemaDatamodel' as const, files }
    return await withSchemaEngine(scratch.url, readSchema(dir), async (engine) => {
      const whole = await engine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: true, filters })
      if (whole.exitCode !== 2 || !whole.stdout?.includes('CREATE TABLE')) {
        throw new Error('The engine saw no tables in the schema, so that nothing was compared.')
      }
      const from = { tag: 'migrations' as const, ...readMigrations(dir) }
      const rest = await engine.diff({ from, to, script: true, exitCode: true, filters })
      return rest.exitCode === 0 ? null : (rest.stdout ?? 'unknown difference')
    })
  } finally {
    await scratch.drop()
  }
}
