import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { RateLimitedError, UnauthenticatedError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import { choosePassword } from './choose-password.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { createUser, setActive } from './index.ts'
import { acceptInvitation, inviteUser } from './invitation.ts'
import { deviceCookie, knownDevice } from './known-device.ts'
import { hashPassword } from './password.ts'
import { sessionOf } from './session.ts'
import { signIn } from './sign-in.ts'
import { visitOf } from './testing/sign-in.ts'
import { startSignInServer } from './testing/sign-in-server.ts'

const limits = { windowSeconds: 60, device: 3, pair: 3, account: 5, source: 100 }
const password = 'quiet harbour lantern'
let passwordHash: string
let database: TestDatabase
let counter = 0

beforeAll(async () => {
  database = await createTestDatabase()
  passwordHash = await hashPassword(password)
})
afterAll(() => database.dispose())

async function person() {
  const ctx = testContext({ db: database.db })
  const email = `person-${++counter}@example.com`
  const { user, invitation } = await createUser({ ctx, input: { email, name: 'Pat', roles: ['operator'] } })
  await database.db.user.update({ where: { id: user.id }, data: { passwordHash } })
  return { ctx, user, email, token: invitation?.path.split('=')[1] ?? '' }
}

function door(clock = manualClock(testStart), within = limits, demo = false) {
  const ctx = testContext({ db: database.db, clock, actor: { kind: 'anonymous' } })
  return (email: string, attempt: string, over: Parameters<typeof visitOf>[0] = {}) =>
    signIn({ ctx, input: { email, password: attempt, visit: visitOf(over) } }, { limits: within, demo })
}
const wrong = 'not the password'

test('the right pair signs in, in any case of the address, and is logged', async () => {
  const { user, email } = await person()
  const opened = await door()(email.toUpperCase(), password)
  expect(opened).toMatchObject({ userId: user.id, stage: 'full' })
  const entry = await database.db.auditEntry.findFirst({
    where: { action: 'user.signed-in', subject: `user/${user.id}` },
  })
  expect(JSON.parse(entry?.canonical ?? '{}')).toMatchObject({
    body: { method: 'password', secondFactor: false },
  })
})

test('a wrong password, an unknown account and an inactive one get the same answer', async () => {
  const { ctx, user, email } = await person()
  const attempt = door()
  const refused = await attempt(email, wrong).catch((error) => error)
  const unknown = await attempt('nobody@example.com', password).catch((error) => error)
  await setActive({ ctx, input: { userId: user.id, active: false, reason: 'has left' } })
  const inactive = await attempt(email, password).catch((error) => error)
  for (const error of [refused, unknown, inactive]) {
    expect(error).toBeInstanceOf(UnauthenticatedError)
    expect(error.message).toBe(refused.message)
  }
})

test('after too many failures even the right password waits', async () => {
  const { email } = await person()
  const clock = manualClock(testStart)
  const attempt = door(clock, { ...limits, pair: 1 })
  expect(await attempt(email, wrong).catch((error) => error)).toBeInstanceOf(UnauthenticatedError)
  await expect(attempt(email, password)).rejects.toBeInstanceOf(RateLimitedError)
  clock.advance(61_000)
  expect(await attempt(email, password)).toMatchObject({ email })
  expect(await attempt(email, password)).toMatchObject({ email })
})

test.each([
  ['https://infrasage.example', /^__Host-[^;]+; .*Path=\/;.*HttpOnly; Secure; SameSite=Lax$/],
  ['http://127.0.0.1:3000', /^(next-auth|infrasage)[^;]+; .*Path=\/;.*HttpOnly; SameSite=Lax$/],
])(
  'every cookie for %s is of this host alone and out of reach of scripts; another site’s form signs nobody in',
  async (publicUrl, form) => {
    const { email } = await person()
    const secret = 'a secret of this test, long enough'
    const anonymousContext = () => testContext({ db: database.db, actor: { kind: 'anonymous' } })
    const given = { db: database.db, secret, publicUrl, limits, demo: false, oidc: null, anonymousContext }
    const server = await startSignInServer(async () => given)
    const csrf = await fetch(`${server.address}/api/auth/csrf`)
    const { csrfToken } = (await csrf.json()) as { csrfToken: string }
    const cookie = csrf.headers.getSetCookie().map((set) => set.split(';')[0])
    const enters = (body: Record<string, string>) =>
      fetch(`${server.address}/api/auth/callback/credentials`, {
        method: 'POST',
        headers: { cookie: cookie.join('; ') },
        body: new URLSearchParams({ email, password, json: 'true', ...body }),
        redirect: 'manual',
      })
    const answer = await enters({ csrfToken })
    for (const forged of ['', 'f'.repeat(64)])
      expect((await enters({ csrfToken: forged })).headers.getSetCookie().join()).not.toContain(
        'session-token',
      )
    const secure = publicUrl.startsWith('https:')
    const set = [...csrf.headers.getSetCookie(), ...answer.headers.getSetCookie()]
    expect(set.filter((text) => text.includes('next-auth.session-token='))).toHaveLength(1)
    for (const text of [...set, deviceCookie(email, { secret, secure })]) {
      expect(text).toMatch(form)
      expect(text).not.toContain('Domain=')
    }
    server.stop()
  },
)

test('the cookie of a known browser holds for its account and secret alone', () => {
  const at = { secret: 'a secret of this test, long enough', secure: false }
  const cookie = deviceCookie('ann@example.com', at)
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
  const headers = (text: string) => new Headers({ cookie: text.split(';')[0] ?? '' })
  expect(knownDevice(headers(cookie), 'ann@example.com', at)).toMatch(/^[\w-]{22}$/)
  expect(knownDevice(headers(cookie), 'ben@example.com', at)).toBeNull()
  expect(knownDevice(headers(cookie), 'ann@example.com', { ...at, secret: 'another' })).toBeNull()
  expect(knownDevice(headers(cookie.replace('=', '=x')), 'ann@example.com', at)).toBeNull()
  expect(knownDevice(new Headers(), 'ann@example.com', at)).toBeNull()
})

test('an invitation sets a password once, not a weak one, and not when it was replaced or is old', async () => {
  const { ctx, user, email, token } = await person()
  const accept = (which: string, chosen = 'amber violin teapot', at = testStart) => {
    const anonymous = testContext({ db: database.db, clock: manualClock(at), actor: { kind: 'anonymous' } })
    return acceptInvitation(
      { ctx: anonymous, input: { token: which, password: chosen, visit: visitOf() } },
      limits,
    )
  }
  await expect(accept(token, 'Summer-Password-2026')).rejects.toThrow('easy to guess')
  await expect(accept(token, 'Mailcreated5240')).rejects.toThrow('leaked')
  const again = await inviteUser({ ctx, input: { userId: user.id, reason: 'the link was lost' } })
  const newer = again.invitation?.path.split('=')[1] ?? ''
  await expect(accept(token)).rejects.toBeInstanceOf(UnauthenticatedError)
  const late = new Date(testStart.getTime() + 73 * 3_600_000)
  await expect(accept(newer, undefined, late)).rejects.toBeInstanceOf(UnauthenticatedError)
  const outcomes = await Promise.allSettled([accept(newer), accept(newer)])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await door()(email, 'amber violin teapot')).toMatchObject({ userId: user.id })
  await expect(door()(email, password)).rejects.toBeInstanceOf(UnauthenticatedError)
})

test('a first password that was printed opens the choice of another, once and within its hours; a demo keeps it', async () => {
  const { user, email } = await person()
  const firstPasswordUntil = new Date(testStart.getTime() + 72 * 3_600_000)
  await database.db.user.update({ where: { id: user.id }, data: { firstPasswordUntil } })
  const clock = manualClock(testStart)
  const demo = await door(clock, limits, true)(email, password)
  expect(demo.stage).toBe('full')
  await expect(door(manualClock(firstPasswordUntil))(email, password)).rejects.toThrow(
    'was good until 2026-03-05 09:00 UTC',
  )

  const opened = await door(clock)(email, password)
  expect(opened.stage).toBe('new_password')
  const anonymous = testContext({ db: database.db, clock, actor: { kind: 'anonymous' } })
  const begun = await sessionOf({ db: database.db, clock }, { ...opened }, { passive: true })
  const choose = (chosen: string) =>
    choosePassword({ ctx: anonymous, input: { begun, visit: visitOf(), password: chosen } })
  await expect(
    finishSignIn({ ctx: anonymous, input: { begun, visit: visitOf(), code: '123456' } }),
  ).rejects.toThrow('taken too long')
  await expect(choose('finalfantasy')).rejects.toThrow('leaked')
  await expect(choose(password)).rejects.toThrow('was printed')
  const outcomes = await Promise.allSettled([choose('amber violin teapot'), choose('amber violin kettle')])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const ownSessions = await database.db.session.findMany({ where: { userId: user.id, endedAt: null } })
  expect(ownSessions.map(({ stage }) => stage)).toEqual(['full'])
})
