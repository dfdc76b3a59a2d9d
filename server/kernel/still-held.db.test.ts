import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import type { Actor } from './context.ts'
import { UnauthenticatedError } from './errors.ts'
import { transact } from './transact.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const renamed = 'changed by a request that came before'

/** Somebody whose request is under way, and what it would change. */
async function underWay(asKey: boolean) {
  const { db } = database
  const person = await createTestPerson(db, 'operator', 'admin')
  const { userId, email, roles } = person
  const keyId = userId
  const key = { id: keyId, name: 'k', prefix: keyId, hash: keyId, scopes: ['decide'], ownerId: userId }
  if (asKey) await db.apiKey.create({ data: { ...key, createdAt: testStart } })
  const actor: Actor = asKey
    ? { kind: 'api_key', keyId, keyName: 'k', userId, email, roles, scopes: ['decide'] }
    : person
  const ctx = testContext({ db, actor })
  return {
    userId,
    finish: () => transact(ctx, (tx) => tx.user.update({ where: { id: userId }, data: { name: renamed } })),
  }
}

const nothingKept = async (userId: string) =>
  expect((await database.db.user.findUniqueOrThrow({ where: { id: userId } })).name).not.toBe(renamed)

test.each([false, true])('who still holds all of it is let through (key: %s)', async (asKey) => {
  const { finish } = await underWay(asKey)
  expect(await finish()).toMatchObject({ name: renamed })
})

test.each([
  ['a role was taken', { roles: ['admin' as const] }],
  ['the account was closed', { active: false }],
])('after %s nothing of the request is kept', async (_, data) => {
  for (const asKey of [false, true]) {
    const { userId, finish } = await underWay(asKey)
    await database.db.user.update({ where: { id: userId }, data })
    await expect(finish()).rejects.toBeInstanceOf(UnauthenticatedError)
    await nothingKept(userId)
  }
})

test.each([
  ['was revoked', { revokedAt: testStart }],
  ['has expired', { expiresAt: testStart }],
])('a key that %s changes nothing', async (_, data) => {
  const { userId, finish } = await underWay(true)
  await database.db.apiKey.update({ where: { id: userId }, data })
  await expect(finish()).rejects.toBeInstanceOf(UnauthenticatedError)
  await nothingKept(userId)
})
