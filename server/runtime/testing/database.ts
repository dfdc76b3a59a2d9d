import { randomUUID } from 'node:crypto'
import { Client, DatabaseError } from 'pg'
import { inject } from 'vitest'
import { createDb, type Db } from '../../kernel/db.ts'
import { databaseName } from '../postgres-cluster.ts'
import { withDatabase } from '../schema-engine.ts'
// The address of the server comes by `inject`; this makes its type known.
import type {} from './global-setup.ts'
import { waitFor } from './wait-for.ts'

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

/** False while the server's own housekeeping is at work in it, which an owner may not end. */
async function dropped(name: string): Promise<boolean> {
  try {
    await asOwner(`DROP DATABASE ${name} WITH (FORCE)`)
    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.code === '42501') return false
    throw error
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
      await waitFor(`the end of ${name}`, () => dropped(name))
    },
  }
}
