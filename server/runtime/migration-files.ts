import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { migrationNames, type SchemaDir } from '../kernel/migrations.ts'

/** Files of a schema as the engine takes them. */
export type SchemaFiles = [file: string, content: string][]

/** All files of the schema, one for each stage. */
export function readSchema({ schemaDir }: SchemaDir): SchemaFiles {
  const files = readdirSync(schemaDir).filter((file) => file.endsWith('.prisma'))
  return files.sort().map((file) => [file, readFileSync(path.join(schemaDir, file), 'utf8')])
}

/** All migrations as the engine takes them. */
export function readMigrations(dir: SchemaDir): MigrationList {
  const lockfile = path.join(dir.migrationsDir, 'migration_lock.toml')
  return {
    baseDir: dir.migrationsDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(dir).map((name) => {
      const content = readFileSync(path.join(dir.migrationsDir, name, 'migration.sql'), 'utf8')
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: content } } }
    }),
  }
}

/** Writes the next migration, numbered after the last, and returns its file. */
export function writeMigration(dir: SchemaDir, name: string, script: string): string {
  const last = migrationNames(dir).at(-1) ?? '0000'
  const number = String(Number.parseInt(last, 10) + 1).padStart(4, '0')
  const folder = path.join(dir.migrationsDir, `${number}_${name}`)
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'migration.sql')
  writeFileSync(file, script)
  const lockfile = path.join(dir.migrationsDir, 'migration_lock.toml')
  if (!existsSync(lockfile)) {
    writeFileSync(
      lockfile,
      '# Written by the migrator; belongs in version control.\nprovider = "postgresql"\n',
    )
  }
  return file
}
