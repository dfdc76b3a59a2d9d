import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { append } from '../../audit/index.ts'
import { applicationConnection } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import { createTestDatabase, createTestPerson, type TestDatabase, testContext, testStart } from './index.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.dispose())

async function asApplication<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(applicationConnection(url))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

test('the database is migrated and belongs to this file alone', async () => {
  const other = await createTestDatabase()
  await createTestPerson(database.db, 'operator')
  expect(await database.db.user.count()).toBe(1)
  expect(await other.db.user.count()).toBe(0)
  await other.dispose()
})

test('the client works as the application role, in UTC, and cannot hold locks while it stands still', async () => {
  for (const url of [database.appUrl, database.ownerUrl]) {
    const [row] = await asApplication(url, async (client) => {
      const result = await client.query(`
        SELECT current_user AS role, current_setting('TimeZone') AS zone,
          current_setting('idle_in_transaction_session_timeout') AS idle`)
      return result.rows
    })
    expect(row).toEqual({ role: 'infrasage_app', zone: 'UTC', idle: '2min' })
  }
})

test('the application can append to the log, and cannot change or empty it', async () => {
  const { db } = database
  const ctx = testContext({ db })
  const entry = { stage: 'audit', action: 'test', subject: 'nothing', body: null } as const
  await transact(ctx, (tx) => append(tx, ctx, entry))
  expect(await db.auditEntry.count()).toBe(1)
  await expect(db.auditEntry.updateMany({ data: { stage: 'forged' } })).rejects.toThrow(/denied/)
  await expect(db.auditEntry.deleteMany()).rejects.toThrow(/denied/)
  await expect(db.$executeRaw`TRUNCATE "AuditEntry"`).rejects.toThrow(/denied/)
})

test('the application owns the schema of the job queue and no table of ours', async () => {
  const owned = await asApplication(database.appUrl, async (client) => {
    await client.query('CREATE TABLE pgboss.probe (id int)')
    const result = await client.query(
      `SELECT schemaname FROM pg_tables WHERE tableowner = 'infrasage_app' GROUP BY schemaname`,
    )
    await client.query('DROP TABLE pgboss.probe')
    return result.rows
  })
  expect(owned).toEqual([{ schemaname: 'pgboss' }])
})

test('a context names its actor and the clock it was given', async () => {
  const actor = await createTestPerson(database.db, 'auditor')
  const ctx = testContext({ db: database.db, actor })
  expect(ctx.actor).toBe(actor)
  expect(ctx.clock.now()).toEqual(testStart)
})
