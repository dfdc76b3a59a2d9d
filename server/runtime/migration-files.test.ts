import { expect, test } from 'vitest'
import { projectSchema } from '../kernel/migrations.ts'
import { readMigrations } from './migration-files.ts'

/** The last migration before anybody had an installation to roll. */
const firstInstalled = '0030'

/**
 * What a replica of the version before still reads, or does not know that it must write. Of another type, a column also breaks
 * statements that its connections have prepared.
 */
const takesAway =
  /\bDROP\s+(COLUMN|TABLE)\b|\bRENAME\b|\bSET\s+DATA\s+TYPE\b|\bALTER\s+COLUMN\s+\S+\s+TYPE\b|\bSET\s+NOT\s+NULL\b|\bADD\s+COLUMN\b(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL\b/i

const breaks = (script: string) => takesAway.test(script.replace(/--.*/g, ''))

test.each([
  ['ALTER TABLE "T" ADD COLUMN "c" TEXT', false],
  [`ALTER TABLE "T" ADD COLUMN "c" TEXT NOT NULL DEFAULT ''`, false],
  ['ALTER TABLE "T" ADD COLUMN "a" TEXT, ADD COLUMN "c" TEXT NOT NULL', true],
  ['ALTER TABLE "T"\n  DROP COLUMN "c"', true],
  ['ALTER TABLE "T" ALTER COLUMN "c" SET DATA TYPE BIGINT', true],
  ['ALTER TABLE "T" ALTER COLUMN "c" TYPE BIGINT', true],
  ['-- DROP COLUMN "c"', false],
  ['ALTER TABLE "T" RENAME COLUMN "c" TO "d"', true],
])('%s: breaks who runs the version before: %s', (script, expected) => expect(breaks(script)).toBe(expected))

test('while replicas of the version before still run, a migration takes nothing away from them', () => {
  const { migrationDirectories } = readMigrations(projectSchema)
  expect(migrationDirectories.length).toBeGreaterThan(20)
  const breaking = migrationDirectories.filter(
    ({ path, migrationFile: { content } }) =>
      path.slice(0, 4) > firstInstalled && (content.tag !== 'ok' || breaks(content.value)),
  )
  expect(breaking.map(({ path }) => path)).toEqual([])
})
