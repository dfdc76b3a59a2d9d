import { encode } from 'next-auth/jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { RateLimitedError, UnauthenticatedError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import { attemptLimiter, createUser, sessionActor, sessionCookieName, setActive, setRoles } from './index.ts'
import { signIn } from './sign-in.ts'

const secret = 'a secret of this test, long enough'
const password = 'a password of this test'
let database: TestDatabase
let counter = 0

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

async function person() {
  const ctx = testContext({ db: database.db })
  const email = `person-${++counter}@example.com`
  const { user } = await createUser({ ctx, input: { email, name: 'Pat', roles: ['operator'], password } })
  return { ctx, user, email }
}

function door(clock = manualClock(testStart)) {
  const limits = {
    accountAndAddress: attemptLimiter(clock, { attempts: 3, windowSeconds: 60 }),
    account: attemptLimiter(clock, { attempts: 5, windowSeconds: 60 }),
  }
  const ctx = testContext({ db: database.db, clock, actor: { kind: 'anonymous' } })
  return (email: string, attempt: string, address = '10.0.0.1') =>
    signIn({ ctx, input: { email, password: attempt, address } }, limits)
}

async function cookieOf(userId: string, sessionVersion: number) {
  const token = await encode({ token: { userId, sessionVersion }, secret })
  return new Headers({ cookie: `other=1; ${sessionCookieName(false)}=${token}` })
}
const actorOf = (headers: Headers) => sessionActor({ db: database.db, secret, secure: false }, headers)

test('the right pair signs in, in any case of the address, and is logged', async () => {
  const { user, email } = await person()
  expect(await door()(email.toUpperCase(), password)).toMatchObject({ userId: user.id, sessionVersion: 1 })
  const entry = await database.db.auditEntry.findFirst({
    where: { action: 'user.signed-in', subject: `user/${user.id}` },
  })
  expect(entry).not.toBeNull()
})

test('a wrong password, an unknown account and an inactive one get the same answer', async () => {
  const { ctx, user, email } = await person()
  const attempt = door()
  const wrong = await attempt(email, 'not the password').catch((error) => error)
  const unknown = await attempt('nobody@example.com', password).catch((error) => error)
  await setActive({ ctx, input: { userId: user.id, active: false, reason: 'has left' } })
  const inactive = await attempt(email, password).catch((error) => error)
  for (const error of [wrong, unknown, inactive]) {
    expect(error).toBeInstanceOf(UnauthenticatedError)
    expect(error.message).toBe(wrong.message)
  }
})

test('after too many failures even the right password waits, at that address; elsewhere somewhat later', async () => {
  const { email } = await person()
  const clock = manualClock(testStart)
  const attempt = door(clock)
  for (let i = 0; i < 3; i++) await attempt(email, 'wrong words').catch(() => undefined)
  await expect(attempt(email, password)).rejects.toBeInstanceOf(RateLimitedError)
  for (let i = 0; i < 2; i++) await attempt(email, 'wrong words', '10.0.0.2').catch(() => undefined)
  await expect(attempt(email, password, '10.0.0.3')).rejects.toBeInstanceOf(RateLimitedError)
  clock.advance(61_000)
  expect(await attempt(email, password)).toMatchObject({ email })
})

test('attempts at the same moment are counted like attempts one after the other', async () => {
  const { email } = await person()
  const attempt = door()
  const outcomes = await Promise.allSettled(Array.from({ length: 9 }, () => attempt(email, 'wrong words')))
  const refused = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)
  expect(refused.filter((reason) => reason instanceof UnauthenticatedError)).toHaveLength(3)
  expect(refused.filter((reason) => reason instanceof RateLimitedError)).toHaveLength(6)
})

test('a session has the roles of now, and is out once roles or activity change', async () => {
  const { ctx, user } = await person()
  const cookie = await cookieOf(user.id, 1)
  expect(await actorOf(cookie)).toMatchObject({ kind: 'user', userId: user.id, roles: ['operator'] })
  await setRoles({ ctx, input: { userId: user.id, roles: ['auditor'], reason: 'other duties' } })
  expect(await actorOf(cookie)).toBeNull()
  const renewed = await cookieOf(user.id, 2)
  expect(await actorOf(renewed)).toMatchObject({ roles: ['auditor'] })
  await setActive({ ctx, input: { userId: user.id, active: false, reason: 'has left' } })
  expect(await actorOf(renewed)).toBeNull()
})

test('a cookie sealed with another secret, a broken one and none are nobody', async () => {
  const { user } = await person()
  const forged = await encode({
    token: { userId: user.id, sessionVersion: 1 },
    secret: 'another secret altogether',
  })
  const name = sessionCookieName(false)
  for (const cookie of [`${name}=${forged}`, `${name}=rubbish`, 'unrelated=1']) {
    expect(await actorOf(new Headers({ cookie }))).toBeNull()
  }
})
