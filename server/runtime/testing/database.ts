import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { createDb, type Db } from '../../kernel/db.ts'
import { databaseName } from '../postgres-cluster.ts'
import { withDatabase } from '../schema-engine.ts'
// The address of the server comes by `inject`; this makes its type known.
import type {} from './global-setup.ts'

/** A migrated database of a test file's own. */
export type TestDatabase = {
  /** On the application's role, as in the product. */
  db: Db
  appUrl: string
  /** The owner of the tables, who may do what the application must not. */
  ownerUrl: string
  /** Disconnects and drops the database. */
  dispose(): Promise<void>
}

async function asOwner(sql: string): Promise<void> {
  const client = new Client({ connectionString: withDatabase(inject('testServer').ownerUrl, 'postgres') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/**
 * A fresh database, copied from the migrated one in some 50 ms. Call it in `beforeAll` and `dispose` in `afterAll`;
 * only for `*.db.test.ts`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asOwner(`CREATE DATABASE ${name} TEMPLATE ${databaseName}`)
  const { ownerUrl, appUrl } = inject('testServer')
  const db = createDb(withDatabase(appUrl, name))
  return {
    db,
    appUrl: withDatabase(appUrl, name),
    ownerUrl: withDatabase(ownerUrl, name),
    dispose: async () => {
      await db.$disconnect()
      await asOwner(`DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
