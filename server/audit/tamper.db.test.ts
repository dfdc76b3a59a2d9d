import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase, testContext } from '../runtime/testing/index.ts'
import { attackLog } from './testing/attack-log.ts'
import { deeds } from './testing/refused.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

test('the application role is refused whatever could change the log', async () => {
  const client = new Client({ connectionString: database.appUrl })
  await client.connect()
  const done: string[] = []
  for (const [what, sql] of deeds) {
    await client.query('BEGIN')
    try {
      await client.query(sql)
      done.push(what)
    } catch (error) {
      // Refused for want of a right, and not because the statement is none.
      expect({ what, code: Reflect.get(Object(error), 'code') }).toEqual({ what, code: '42501' })
    }
    await client.query('ROLLBACK')
  }
  await client.end()
  expect(done).toEqual([])
})

/** `npm run check:tamper` does five hundred. */
test('whatever a superuser does to a sealed log is found, by the server and from an export', async () => {
  const ctx = testContext({ db: database.db })
  const { pathname } = new URL(database.ownerUrl)
  const superuser = new URL(inject('testServer').superuserUrl)
  superuser.pathname = pathname
  const installation = { ctx, ownerUrl: database.ownerUrl, superuserUrl: superuser.href, size: 40 }
  const kinds = new Set<string>()
  for await (const { attack, server, serverSeq, alone } of attackLog(installation, 25, 7)) {
    expect({ attack, server, alone }).toEqual({
      attack,
      server: expect.any(String),
      alone: expect.any(String),
    })
    if (attack.kind === 'edit') expect([attack.touches, (attack.touches ?? 0) + 1]).toContain(serverSeq)
    kinds.add(attack.kind)
  }
  expect(kinds.size).toBe(7)
})
