import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureAuditKey } from '../audit/index.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { openWorker } from './open-worker.ts'

let database: TestDatabase
let folder: string
const file = (name: string) => path.join(folder, name)

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(path.join(tmpdir(), 'infrasage-worker-'))
  ensureAuditKey(file('key.pem'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await database.dispose()
})

const environment = (keyFile: string) => ({
  ...process.env,
  ...{ DATABASE_URL: database.appUrl, NEXTAUTH_SECRET: 'n'.repeat(32), LOG_LEVEL: 'silent' },
  INFRASAGE_AUDIT_KEY_FILE: keyFile,
})

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: database.ownerUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

test('a worker without its audit key ends at once and says what belongs there', async () => {
  const worker = path.join(import.meta.dirname, 'worker.ts')
  const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
    execFile(process.execPath, [worker], { env: environment(file('none.pem')) }, (error, _, stderr) =>
      resolve({ code: error?.code, said: stderr }),
    )
  })
  expect(code).toBe(1)
  expect(said).toMatch(/^INFRASAGE_AUDIT_KEY_FILE .*none\.pem should hold an Ed25519 private key .*ENOENT/)
  expect(said).toContain('openssl genpkey -algorithm ed25519')
})

test('nor does it work with a file that holds no such key', async () => {
  writeFileSync(file('wrong.pem'), 'no key')
  await expect(openWorker(environment(file('wrong.pem')))).rejects.toThrow('wrong.pem should hold an Ed25519')
})

test('nor on a database that is older; on a newer one it works', async () => {
  const copy = 'INSERT INTO _prisma_migrations SELECT * FROM'
  await asOwner(
    `CREATE TABLE kept AS SELECT * FROM _prisma_migrations WHERE migration_name LIKE '0009%';
     DELETE FROM _prisma_migrations WHERE migration_name LIKE '0009%'`,
  )
  await expect(openWorker(environment(file('key.pem')))).rejects.toThrow(
    /older than this version: it lacks the migrations 0009_\w+\. Apply them first: `node server\/runtime\/migrate\.ts apply`/,
  )
  await asOwner(
    `${copy} kept; UPDATE kept SET id = 'later', migration_name = '9000_later'; ${copy} kept; DROP TABLE kept`,
  )
  const { db, queue } = await openWorker(environment(file('key.pem')))
  await queue.close(1_000)
  await db.$disconnect()
})
