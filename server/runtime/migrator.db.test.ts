import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appliedMigrations, projectSchema, type SchemaDir, schemaGap } from '../kernel/migrations.ts'
import { applyMigrations, checkMigrations, createMigration } from './migrator.ts'
import { createScratchDatabase } from './schema-engine.ts'
import { createTestDatabase } from './testing/index.ts'

let dir: SchemaDir
let folder: string
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-schema-'))
  dir = { schemaDir: folder, migrationsDir: path.join(folder, 'migrations') }
  cpSync(projectSchema.schemaDir, dir.schemaDir, { recursive: true })
  database = await createTestDatabase()
})

afterEach(async () => {
  await database.dispose()
  rmSync(folder, { recursive: true, force: true })
})

test('the project’s migrations and schema agree', async () => {
  expect(await checkMigrations(database.ownerUrl)).toBeNull()
})

test('a column that no migration makes is found, and a migration for it settles it', async () => {
  writeFileSync(path.join(dir.schemaDir, 'extra.prisma'), 'model Extra {\n  id String @id\n}\n')
  expect(await checkMigrations(database.ownerUrl, dir)).toContain('CREATE TABLE "Extra"')
  const file = await createMigration(database.ownerUrl, 'extra', dir)
  expect(path.basename(path.dirname(file))).toMatch(/^\d{4}_extra$/)
  expect(await checkMigrations(database.ownerUrl, dir)).toBeNull()
})

test('a migration that no schema asks for is found', async () => {
  mkdirSync(path.join(dir.migrationsDir, '9000_stray'))
  writeFileSync(
    path.join(dir.migrationsDir, '9000_stray/migration.sql'),
    'CREATE TABLE "Stray" ("id" TEXT PRIMARY KEY);',
  )
  expect(await checkMigrations(database.ownerUrl, dir)).toContain('DROP TABLE "Stray"')
})

test('a check that has nothing to check fails', async () => {
  rmSync(dir.migrationsDir, { recursive: true })
  await expect(checkMigrations(database.ownerUrl, dir)).rejects.toThrow('There are no migrations')
})

test('applying twice does nothing the second time; a failing script keeps nothing and is named; an older version leaves a newer schema', async () => {
  const scratch = await createScratchDatabase(database.ownerUrl)
  const first = await applyMigrations(scratch.url, { dir })
  expect(first).toEqual(await appliedMigrations(scratch.url))
  expect(await applyMigrations(scratch.url, { dir })).toEqual([])
  mkdirSync(path.join(dir.migrationsDir, '9000_broken'))
  writeFileSync(
    path.join(dir.migrationsDir, '9000_broken/migration.sql'),
    'CREATE TABLE "Half" ("id" TEXT PRIMARY KEY); SELECT 1 / 0;',
  )
  await expect(applyMigrations(scratch.url, { dir })).rejects.toThrow(/division by zero/)
  expect(await appliedMigrations(scratch.url)).toEqual(first)
  const [last = ''] = first.slice(-1)
  rmSync(path.join(dir.migrationsDir, '9000_broken'), { recursive: true })
  rmSync(path.join(dir.migrationsDir, last), { recursive: true })
  expect(await applyMigrations(scratch.url, { dir })).toEqual([])
  expect(await schemaGap(scratch.url, dir)).toEqual({ missing: [], newer: [last] })
  await scratch.drop()
})
