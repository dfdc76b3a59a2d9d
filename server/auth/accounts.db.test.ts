import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConflictError, ForbiddenError, InvalidInputError } from '../kernel/errors.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
} from '../runtime/testing/index.ts'
import {
  bootstrapUsers,
  changePassword,
  createUser,
  getSignInRules,
  inviteUser,
  listUsers,
  setActive,
  setRoles,
} from './index.ts'
import { verifyPassword } from './password.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const system = () => testContext({ db: database.db })
const passwordHashOf = async (id: string) =>
  (await database.db.user.findUniqueOrThrow({ where: { id } })).passwordHash ?? ''

async function lastEntry(subject: string) {
  const entry = await database.db.auditEntry.findFirst({ where: { subject }, orderBy: { seq: 'desc' } })
  return entry && { action: entry.action, ...JSON.parse(entry.canonical) }
}

test('the first start makes one person for each role, asks admins for a second factor, and no later start does either', async () => {
  const own = await createTestDatabase()
  const ctx = testContext({ db: own.db })
  const first = await bootstrapUsers({ ctx, demo: false })
  expect(first.map(({ role }) => role).sort()).toEqual(['admin', 'auditor', 'operator'])
  expect(new Set(first.map(({ password }) => password)).size).toBe(3)
  expect(await bootstrapUsers({ ctx, demo: false })).toEqual([])
  const rules = await getSignInRules({ ctx })
  expect(rules).toMatchObject({ version: 1, secondFactorRoles: ['admin'], sessionMaxHours: 12 })
  const held = await own.db.user.findMany({ select: { firstPasswordUntil: true, createdAt: true } })
  expect(held).toHaveLength(3)
  for (const { firstPasswordUntil, createdAt } of held)
    expect(firstPasswordUntil?.getTime()).toBe(createdAt.getTime() + 72 * 3_600_000)
  await own.dispose()
})

test('creating a person: there is no password until the link was followed, and the log has no word of the link', async () => {
  const input = { email: 'Ann@Example.com', name: 'Ann', roles: ['operator' as const] }
  const { user, invitation } = await createUser({ ctx: system(), input })
  expect(user.email).toBe('ann@example.com')
  expect(await passwordHashOf(user.id)).toBe('')
  const entry = await lastEntry(`user/${user.id}`)
  expect(entry).toMatchObject({
    action: 'user.created',
    body: { email: 'ann@example.com', roles: ['operator'] },
  })
  const token = invitation?.path.split('=')[1] ?? 'no token'
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(entry)).not.toContain(token)
  expect(JSON.stringify(await database.db.invitation.findMany())).not.toContain(token)
  await expect(createUser({ ctx: system(), input })).rejects.toBeInstanceOf(ConflictError)
})

test('an operator and an auditor cannot make people, nor give roles', async () => {
  for (const role of ['operator', 'auditor'] as const) {
    const actor = await createTestPerson(database.db, role)
    const ctx = testContext({ db: database.db, actor })
    const input = { email: `by-${role}@example.com`, name: 'X', roles: ['admin' as const] }
    await expect(createUser({ ctx, input })).rejects.toBeInstanceOf(ForbiddenError)
    const roles = { userId: actor.userId, roles: ['admin' as const], reason: 'for myself' }
    await expect(setRoles({ ctx, input: roles })).rejects.toBeInstanceOf(ForbiddenError)
  }
})

test('a change of roles says what was before', async () => {
  const person = await createTestPerson(database.db, 'operator')
  const input = { userId: person.userId, roles: ['auditor' as const], reason: 'moved to audit' }
  expect(await setRoles({ ctx: system(), input })).toMatchObject({ roles: ['auditor'] })
  expect(await lastEntry(`user/${person.userId}`)).toMatchObject({
    action: 'user.roles-set',
    body: { before: ['operator'], after: ['auditor'], reason: 'moved to audit' },
  })
})

test('the last active admin stays, even when two admins demote each other at once', async () => {
  const own = await createTestDatabase()
  const ctx = testContext({ db: own.db })
  const [one, two] = [await createTestPerson(own.db, 'admin'), await createTestPerson(own.db, 'admin')]
  const outcomes = await Promise.allSettled([
    setRoles({ ctx, input: { userId: one.userId, roles: [], reason: 'leaving' } }),
    setActive({ ctx, input: { userId: two.userId, active: false, reason: 'leaving' } }),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const admins = (await listUsers({ ctx })).filter((user) => user.active && user.roles.includes('admin'))
  expect(admins).toHaveLength(1)
  await own.dispose()
})

/** Words that no list has, cut to a length. */
const words = (length: number) => 'violet harbour 7 teapot kestrel 3 '.repeat(8).slice(0, length)

test('one changes one’s own password with the present one, and not to one that is easy to guess', async () => {
  const { user } = await createUser({
    ctx: system(),
    input: { email: 'eve@example.com', name: 'Eve', roles: ['auditor'] },
    password: 'first lantern harbour',
  })
  const { id: userId, email, name, roles } = user
  const ctx = testContext({ db: database.db, actor: { kind: 'user', userId, email, name, roles } })
  const change = (currentPassword: string, newPassword: string) =>
    changePassword({ ctx, input: { currentPassword, newPassword } })
  await expect(change('wrong lantern harbour', 'second lantern harbour')).rejects.toThrow(
    'The current password is not right.',
  )
  await expect(change('first lantern harbour', 'Password1234')).rejects.toThrow('easy to guess')
  await expect(change('first lantern harbour', 'mailcreated5240')).rejects.toThrow('leaked')
  for (const length of [11, 257])
    await expect(change('first lantern harbour', words(length))).rejects.toBeInstanceOf(InvalidInputError)
  await change('first lantern harbour', words(256))
  expect(await verifyPassword(words(256), await passwordHashOf(userId))).toBe(true)
  expect(await database.db.user.count({ where: { id: userId, firstPasswordUntil: null } })).toBe(1)
  await inviteUser({ ctx: system(), input: { userId, reason: 'locked out' } })
  expect(await passwordHashOf(userId)).toBe('')
})
