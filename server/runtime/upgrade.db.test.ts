import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectSchema } from '../kernel/migrations.ts'
import { applyMigrations } from './migrator.ts'
import { createScratchDatabase } from './schema-engine.ts'
import { createTestDatabase, type TestDatabase } from './testing/index.ts'

const workload = '00000000-0000-4000-8000-00000000000a'
const target = '00000000-0000-4000-8000-00000000000b'
const ids = (n: number) => `00000000-0000-4000-8000-00000000010${n}`

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-upgrade-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await database.dispose()
})

/** The project's migrations up to, and not with, one of them. */
function migrationsBefore(number: string) {
  const migrationsDir = path.join(folder, 'migrations')
  cpSync(projectSchema.migrationsDir, migrationsDir, { recursive: true })
  for (const name of readdirSync(migrationsDir))
    if (/^\d/.test(name) && name >= number) rmSync(path.join(migrationsDir, name), { recursive: true })
  return { schemaDir: projectSchema.schemaDir, migrationsDir }
}

/** A proposal of the one pool there was, approved, with its dispatch in a state. */
const decided = (n: number, state: string) => `
  INSERT INTO "Proposal" ("id", "workloadId", "kind", "state", "content", "contentHash", "summary", "confidence",
    "costChangePerHourUsd", "actBy", "expiresAt", "createdAt", "updatedAt")
  VALUES ('${ids(n)}', '${workload}', 'scale', 'approved',
    '{"evidence": {"capacity": {"targetId": "${target}"}}}', 'h', 's', 1, 1, now(), now(), now(), now());
  INSERT INTO "Decision" ("id", "proposalId", "kind", "actor", "seen", "binding", "contentHash", "usedAt", "at")
  VALUES ('${ids(n)}', '${ids(n)}', 'approve', '{}', '{}',
    '{"actions": [{"targetId": "${target}", "fromReplicas": 6, "toReplicas": 9}]}', 'h', now(), now());
  INSERT INTO "Dispatch" ("id", "decisionId", "state", "createdAt", "updatedAt", "appliedAt", "verifiedAt", "note")
  VALUES ('${ids(n)}', '${ids(n)}', '${state}', now(), now(), now(),
    ${state === 'verified' ? "now() + interval '90 seconds'" : 'NULL'}, ${state === 'failed' ? "'too late'" : 'NULL'});`

test('an older database keeps what it holds: proposals know what they touch, dispatches where their action stands', async () => {
  const scratch = await createScratchDatabase(database.ownerUrl)
  await applyMigrations(scratch.url, { dir: migrationsBefore('0009') })
  const client = new Client({ connectionString: scratch.url })
  await client.connect()
  try {
    await client.query(`
      INSERT INTO "Workload" ("id", "name", "title", "kind", "environment", "team", "dataClassification", "stepSeconds",
        "demandSignal", "objectiveP99Ms", "createdAt")
      VALUES ('${workload}', 'old', 'Old', 'inference', 'production', 'old', 'internal', 60, 'requests_per_second', 800, now());
      ${['verified', 'dispatching', 'failed'].map((state, i) => decided(i, state)).join('')}`)
    await applyMigrations(scratch.url)
    const proposals = await client.query(
      'SELECT DISTINCT "purpose", "touchedWorkloadIds", "touchedTargetIds" FROM "Proposal"',
    )
    expect(proposals.rows).toEqual([
      { purpose: 'capacity', touchedWorkloadIds: [workload], touchedTargetIds: [target] },
    ])
    const actions = await client.query(
      'SELECT "position", "stage", "targetId", "state", "note" FROM "DispatchAction" ORDER BY "dispatchId"',
    )
    const action = { position: 0, stage: 0, targetId: target, note: null }
    expect(actions.rows).toEqual([
      { ...action, state: 'verified' },
      { ...action, state: 'waiting' },
      { ...action, state: 'failed', note: 'too late' },
    ])
  } finally {
    await client.end()
    await scratch.drop()
  }
})
