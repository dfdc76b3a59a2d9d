import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { authorise } from '../kernel/context.ts'
import { ConflictError, ForbiddenError, UnauthenticatedError } from '../kernel/errors.ts'
import type { Role, Scope } from '../kernel/roles.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import { authenticateApiKey, createApiKey, listApiKeys, revokeApiKey, setActive, setRoles } from './index.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  // One of them gives its role up below.
  await createTestPerson(database.db, 'admin')
})
afterAll(() => database.dispose())

async function keyOf(role: Role, scopes: Scope[], expiresInDays: number | null = null) {
  const clock = manualClock(testStart)
  const ctx = testContext({ db: database.db, clock })
  const owner = await createTestPerson(database.db, role)
  const input = { name: `key of ${role}`, scopes, expiresInDays, ownerId: owner.userId }
  const { key, token } = await createApiKey({ ctx, input })
  const use = () => authenticateApiKey({ db: database.db, clock }, token)
  return { ctx, clock, owner, key, token, use }
}

test('a key acts for its owner, within its scopes and the owner’s roles', async () => {
  const { use, ctx, owner } = await keyOf('admin', ['read', 'administer'])
  await setRoles({ ctx, input: { userId: owner.userId, roles: ['operator'], reason: 'other duties' } })
  const actor = await use()
  expect(actor).toMatchObject({ kind: 'api_key', roles: ['operator'], scopes: ['read', 'administer'] })
  expect(() => authorise({ ...ctx, actor }, 'proposal.read')).not.toThrow()
  expect(() => authorise({ ...ctx, actor }, 'proposal.decide')).toThrow(ForbiddenError)
  expect(() => authorise({ ...ctx, actor }, 'policy.manage')).toThrow(ForbiddenError)
})

test('a scope that the owner’s roles open nothing of is refused', async () => {
  await expect(keyOf('auditor', ['read', 'decide', 'administer'])).rejects.toThrow(
    'The owner has auditor, which opens nothing of decide, administer.',
  )
  await keyOf('auditor', ['read'])
  await keyOf('operator', ['telemetry:write', 'read', 'decide'])
})

test('the token is stored nowhere, and the list does not show it', async () => {
  const { token, key, ctx } = await keyOf('operator', ['read'])
  const row = await database.db.apiKey.findUniqueOrThrow({ where: { id: key.id } })
  expect(JSON.stringify(row)).not.toContain(token)
  expect(JSON.stringify(await listApiKeys({ ctx }))).not.toContain(token)
  const entry = await database.db.auditEntry.findFirstOrThrow({ where: { subject: `api-key/${key.id}` } })
  expect(entry.canonical).not.toContain(token)
})

test('an expired key is refused from that instant, a revoked one at once, and revoking twice is a conflict', async () => {
  const { use, clock, ctx, key } = await keyOf('operator', ['read'], 1)
  clock.advance(86_400_000 - 1)
  await use()
  clock.advance(1)
  await expect(use()).rejects.toThrow(/expired/)
  const other = await keyOf('operator', ['read'])
  await revokeApiKey({ ctx, input: { keyId: other.key.id } })
  await expect(other.use()).rejects.toThrow(/revoked/)
  await expect(revokeApiKey({ ctx, input: { keyId: other.key.id } })).rejects.toBeInstanceOf(ConflictError)
  expect((await listApiKeys({ ctx })).find(({ id }) => id === key.id)?.state).toBe('expired')
})

test('a key loses what its owner loses', async () => {
  const { use, ctx, owner } = await keyOf('operator', ['decide'])
  await setRoles({ ctx, input: { userId: owner.userId, roles: ['auditor'], reason: 'other duties' } })
  expect((await use()).roles).toEqual(['auditor'])
  await setActive({ ctx, input: { userId: owner.userId, active: false, reason: 'has left' } })
  await expect(use()).rejects.toThrow(/no longer active/)
})

test('a token that was never given out is unknown', async () => {
  const clock = manualClock(testStart)
  for (const token of [`isk_${'0'.repeat(64)}`, 'isk_short', '']) {
    await expect(authenticateApiKey({ db: database.db, clock }, token)).rejects.toBeInstanceOf(
      UnauthenticatedError,
    )
  }
})

test('use is noted, at most once a minute', async () => {
  const { use, clock, key } = await keyOf('operator', ['read'])
  const lastUsedAt = async () =>
    (await database.db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).lastUsedAt?.getTime()
  await use()
  expect(await lastUsedAt()).toBe(testStart.getTime())
  clock.advance(30_000)
  await use()
  expect(await lastUsedAt()).toBe(testStart.getTime())
  clock.advance(31_000)
  await use()
  expect(await lastUsedAt()).toBe(testStart.getTime() + 61_000)
})
