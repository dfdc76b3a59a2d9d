import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import { decode, encode } from 'next-auth/jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import { signOut } from './end-sessions.ts'
import {
  endOwnSession,
  endSessions,
  listOwnSessions,
  listSessions,
  liveSession,
  sessionCookieName,
  setActive,
  setRoles,
} from './index.ts'
import { openSession } from './open-session.ts'
import { visitOf } from './testing/sign-in.ts'

const secret = 'a secret of this test, long enough'
const minute = 60_000
let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

const system = () => testContext({ db: database.db })

/** Somebody with a browser. `opened`: one more session of theirs. */
async function somebody() {
  const { db } = database
  const clock = manualClock(testStart)
  const actor = await createTestPerson(db, 'operator')
  const person = { ...actor, id: actor.userId }
  const anonymous = testContext({ db, clock, actor: { kind: 'anonymous' } })
  const opened = async (over: Parameters<typeof visitOf>[0] = {}) => {
    const how = { method: 'password', stage: 'full', strong: false } as const
    const { sessionId } = await transact(anonymous, (tx) =>
      openSession(tx, anonymous, person, how, visitOf(over)),
    )
    const token = await encode({ token: { sessionId }, secret })
    const headers = new Headers({ cookie: `other=1; ${sessionCookieName(false)}=${token}` })
    const host = { db, clock, secret, secure: false }
    return {
      sessionId,
      /** Who a request of this browser is of; null for nobody. */
      asks: (passive = false) => liveSession(host, headers, { passive }),
      ctx: { ...testContext({ db, clock, actor }), sessionId },
    }
  }
  return { actor, clock, opened, anonymous }
}

test('a session has the roles of now, and is out once roles or activity change', async () => {
  const { actor, opened } = await somebody()
  const first = await opened()
  expect(await first.asks()).toMatchObject({ actor: { userId: actor.userId, roles: ['operator'] } })
  await setRoles({
    ctx: system(),
    input: { userId: actor.userId, roles: ['auditor'], reason: 'other duties' },
  })
  expect(await first.asks()).toBeNull()
  const second = await opened()
  expect(await second.asks()).toMatchObject({ actor: { roles: ['auditor'] } })
  await setActive({ ctx: system(), input: { userId: actor.userId, active: false, reason: 'has left' } })
  expect(await second.asks()).toBeNull()
})

test('a cookie sealed with another secret, one without a session, a broken one and none are nobody', async () => {
  const { db } = database
  const { opened, actor } = await somebody()
  const { sessionId } = await opened()
  const forged = await encode({ token: { sessionId }, secret: 'another secret altogether' })
  const former = await encode({ token: { userId: actor.userId, sessionVersion: 1 }, secret })
  const name = sessionCookieName(false)
  for (const cookie of [`${name}=${forged}`, `${name}=${former}`, `${name}=rubbish`, 'unrelated=1']) {
    const host = { db, clock: manualClock(testStart), secret, secure: false }
    expect(await liveSession(host, new Headers({ cookie }), { passive: false })).toBeNull()
  }
})

test('a cookie under the right secret that is sealed in another way, signed or bare is nobody', async () => {
  const { db } = database
  const { opened } = await somebody()
  const { sessionId } = await opened()
  const host = { db, clock: manualClock(testStart), secret, secure: false }
  const asks = (token: string) =>
    liveSession(host, new Headers({ cookie: `${sessionCookieName(false)}=${token}` }), { passive: false })
  expect(await asks(await encode({ token: { sessionId }, secret }))).toMatchObject({ id: sessionId })
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'NextAuth.js Generated Encryption Key', 32))
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  // JWE by hand (RFC 7516), in a way that the library would open: it did before there was a list.
  const head = part({ alg: 'dir', enc: 'A128CBC-HS256' })
  const iv = Buffer.alloc(16, 7)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ sessionId })), cipher.final()])
  const bits = Buffer.alloc(8)
  bits.writeBigUInt64BE(BigInt(head.length * 8))
  const mac = createHmac('sha256', key.subarray(0, 16)).update(head).update(iv).update(sealed).update(bits)
  const tag = mac.digest().subarray(0, 16)
  const other = [head, '', ...[iv, sealed, tag].map((bytes) => bytes.toString('base64url'))].join('.')
  expect(await decode({ token: other, secret })).toMatchObject({ sessionId })

  const body = `${part({ alg: 'HS256' })}.${part({ sessionId })}`
  const signed = `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`
  for (const token of [other, signed, `${part({ alg: 'none' })}.${part({ sessionId })}.`])
    expect(await asks(token)).toBeNull()
})

test('signing out ends the session on the server: the same cookie opens nothing, and the log says so', async () => {
  const { actor, opened, anonymous } = await somebody()
  const [here, elsewhere] = [await opened(), await opened()]
  await signOut(anonymous, here.sessionId)
  expect(await here.asks()).toBeNull()
  expect(await elsewhere.asks()).not.toBeNull()
  await signOut(anonymous, here.sessionId)
  const where = { action: 'user.signed-out', subject: `user/${actor.userId}` }
  expect(await database.db.auditEntry.count({ where })).toBe(1)
})

test('what a hand does keeps a session alive, what a page does by itself does not, and nothing does for ever', async () => {
  const { clock, opened } = await somebody()
  const [used, left] = [await opened(), await opened()]
  for (let i = 0; i < 3; i++) {
    clock.advance(25 * minute)
    if (i < 2) expect(await left.asks(true)).not.toBeNull()
    expect(await used.asks()).not.toBeNull()
  }
  expect(await left.asks(true)).toBeNull()
  expect(await left.asks()).toBeNull()
  for (let minutes = 75; minutes < 12 * 60; minutes += 30) {
    expect(await used.asks(), `after ${minutes} min`).not.toBeNull()
    clock.advance(30 * minute)
  }
  expect(await used.asks()).toBeNull()
})

test('a new sign-in in a browser ends the one before it', async () => {
  const { opened } = await somebody()
  const before = await opened()
  const after = await opened({ sessionId: before.sessionId })
  expect(after.sessionId).not.toBe(before.sessionId)
  expect(await before.asks()).toBeNull()
  expect(await after.asks()).not.toBeNull()
})

test('one sees one’s own sessions, ends one of them or all others, and nobody else’s', async () => {
  const [ann, ben] = [await somebody(), await somebody()]
  const [here, there, third] = [
    await ann.opened(),
    await ann.opened({ userAgent: 'curl' }),
    await ann.opened(),
  ]
  const bens = await ben.opened()
  const rows = await listOwnSessions({ ctx: here.ctx })
  expect(rows).toHaveLength(3)
  expect(rows.filter(({ current }) => current).map(({ id }) => id)).toEqual([here.sessionId])
  expect(rows.map(({ browser }) => browser).sort()).toEqual([
    'Firefox on Linux',
    'Firefox on Linux',
    'an unknown browser',
  ])
  expect(await endOwnSession({ ctx: here.ctx, input: { sessionId: there.sessionId } })).toEqual({ ended: 1 })
  expect(await there.asks()).toBeNull()
  const others = endOwnSession({ ctx: here.ctx, input: { sessionId: bens.sessionId } })
  await expect(others).rejects.toBeInstanceOf(NotFoundError)
  expect(await endOwnSession({ ctx: here.ctx, input: {} })).toEqual({ ended: 1 })
  expect(await third.asks()).toBeNull()
  expect(await here.asks()).not.toBeNull()
  expect(await bens.asks()).not.toBeNull()
})

test('an admin sees and ends the sessions of others, with a reason; nobody else does', async () => {
  const ann = await somebody()
  const session = await ann.opened()
  const { userId } = ann.actor
  for (const role of ['operator', 'auditor'] as const) {
    const ctx = testContext({ db: database.db, actor: await createTestPerson(database.db, role) })
    await expect(listSessions({ ctx, input: { userId } })).rejects.toBeInstanceOf(ForbiddenError)
    await expect(endSessions({ ctx, input: { userId, reason: 'no' } })).rejects.toBeInstanceOf(ForbiddenError)
  }
  const admin = testContext({ db: database.db, actor: await createTestPerson(database.db, 'admin') })
  expect(await listSessions({ ctx: admin, input: { userId } })).toMatchObject([{ id: session.sessionId }])
  expect(await endSessions({ ctx: admin, input: { userId, reason: 'a lost laptop' } })).toEqual({ ended: 1 })
  expect(await session.asks()).toBeNull()
  const entry = await database.db.auditEntry.findFirst({
    where: { action: 'user.sessions-ended', subject: `user/${userId}` },
  })
  expect(JSON.parse(entry?.canonical ?? '{}')).toMatchObject({ body: { ended: 1, reason: 'a lost laptop' } })
})

test('a change that was under way when its session ended is not made', async () => {
  const { opened, anonymous } = await somebody()
  const { ctx, sessionId } = await opened()
  const rename = () => transact(ctx, (tx) => tx.user.updateMany({ data: { name: 'changed' } }))
  await signOut(anonymous, sessionId)
  await expect(rename()).rejects.toBeInstanceOf(UnauthenticatedError)
  expect(await database.db.user.count({ where: { name: 'changed' } })).toBe(0)
})
