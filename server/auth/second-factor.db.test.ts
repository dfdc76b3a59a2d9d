import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '../kernel/clock.ts'
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnauthenticatedError,
} from '../kernel/errors.ts'
import type { Role } from '../kernel/roles.ts'
import { transact } from '../kernel/transact.ts'
import {
  createTestDatabase,
  createTestPerson,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import { passwordLimits } from './attempts.ts'
import { finishSignIn } from './finish-sign-in.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  getAccount,
  inviteUser,
  removeSecondFactor,
  resetSecondFactor,
  setSignInRules,
} from './index.ts'
import { acceptInvitation } from './invitation.ts'
import { openSession } from './open-session.ts'
import { hashPassword } from './password.ts'
import { sessionOf } from './session.ts'
import { stageAfterPassword } from './sign-in.ts'
import { visitOf } from './testing/sign-in.ts'
import { hotp, stepAt } from './totp.ts'

const password = 'quiet harbour lantern'
let passwordHash: string
let database: TestDatabase

beforeAll(async () => {
  process.env.INFRASAGE_ENCRYPTION_KEY ??= '5a'.repeat(32)
  database = await createTestDatabase()
  passwordHash = await hashPassword(password)
})
afterAll(() => database.dispose())

/** A person whose password is known to be right: `begins` a sign-in, `finishes` it with a code. */
async function somebody(...roles: Role[]) {
  const { db } = database
  const clock = manualClock(testStart)
  const actor = await createTestPerson(db, ...roles)
  const person = { ...actor, id: actor.userId }
  await db.user.update({ where: { id: actor.userId }, data: { passwordHash } })
  const anonymous = testContext({ db, clock, actor: { kind: 'anonymous' } })
  const begins = () =>
    transact(anonymous, async (tx) => {
      const stage = await stageAfterPassword(tx, person)
      return openSession(tx, anonymous, person, { method: 'password', stage, strong: false }, visitOf())
    })
  const live = (sessionId: string) => sessionOf({ db, clock }, { sessionId }, { passive: true })
  const finishes = async (sessionId: string, code: string) =>
    finishSignIn({ ctx: anonymous, input: { begun: await live(sessionId), visit: visitOf(), code } })
  const as = (sessionId: string) => ({ ...testContext({ db, clock, actor }), sessionId })
  const enrols = async () => {
    const { sessionId } = await begins()
    const { key, recoveryCodes } = await beginSecondFactor({
      ctx: as(sessionId),
      input: { currentPassword: password },
    })
    const code = () => hotp(bytesOf(key), stepAt(clock.now()))
    await confirmSecondFactor({ ctx: as(sessionId), input: { code: code() } })
    clock.advance(30_000)
    return { sessionId, key, recoveryCodes, code }
  }
  return { actor, clock, begins, finishes, live, as, enrols }
}

function bytesOf(key: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

test('with a second factor the password alone opens nothing; a code does, once', async () => {
  const { begins, finishes, live, enrols } = await somebody('operator')
  const { code } = await enrols()
  const [one, two] = [await begins(), await begins()]
  expect(one.stage).toBe('second_factor')
  const right = code()
  await expect(finishes(one.sessionId, right === '000000' ? '000001' : '000000')).rejects.toBeInstanceOf(
    InvalidInputError,
  )
  const full = await finishes(one.sessionId, right)
  expect(full.stage).toBe('full')
  expect(full.sessionId).not.toBe(one.sessionId)
  expect(await live(one.sessionId)).toBeNull()
  expect(await live(full.sessionId)).toMatchObject({ stage: 'full' })
  await expect(finishes(two.sessionId, right)).rejects.toBeInstanceOf(InvalidInputError)
})

test('one code at two places at the same moment is taken at one of them', async () => {
  const { begins, finishes, enrols } = await somebody('operator')
  const { code } = await enrols()
  const [one, two] = [await begins(), await begins()]
  const outcomes = await Promise.allSettled([
    finishes(one.sessionId, code()),
    finishes(two.sessionId, code()),
  ])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a recovery code opens once; the secret and the codes are in the database in no form that opens', async () => {
  const { actor, begins, finishes, as, enrols, live } = await somebody('operator')
  const { recoveryCodes, key } = await enrols()
  const [first = '', second = ''] = recoveryCodes
  const full = await finishes((await begins()).sessionId, first.toUpperCase())
  expect(await live(full.sessionId)).not.toBeNull()
  await expect(finishes((await begins()).sessionId, first)).rejects.toBeInstanceOf(InvalidInputError)
  expect((await getAccount({ ctx: as(full.sessionId) })).secondFactor?.recoveryCodesLeft).toBe(9)
  const kept = JSON.stringify([
    await database.db.secondFactor.findMany(),
    await database.db.recoveryCode.findMany(),
    await database.db.auditEntry.findMany({
      where: { subject: `user/${actor.userId}` },
      select: { canonical: true },
    }),
  ])
  for (const told of [first, second, key, bytesOf(key).toString('hex')]) expect(kept).not.toContain(told)
})

test('where a role asks for one, who lacks it can set one up and nothing else, and is in with its first code', async () => {
  const ctx = testContext({ db: database.db })
  const rules = {
    version: 0,
    sessionIdleMinutes: 60,
    sessionMaxHours: 12,
    secondFactorRoles: ['auditor' as const],
    reason: 'audit asks for it',
  }
  await setSignInRules({ ctx, input: rules })
  await expect(setSignInRules({ ctx, input: rules })).rejects.toBeInstanceOf(ConflictError)
  const { begins, finishes, as, clock, live } = await somebody('auditor')
  const begun = await begins()
  expect(begun.stage).toBe('enrolment')
  await expect(finishes(begun.sessionId, '123456')).rejects.toBeInstanceOf(NotFoundError)
  const { key } = await beginSecondFactor({ ctx: as(begun.sessionId), input: {} })
  const full = await finishes(begun.sessionId, hotp(bytesOf(key), stepAt(clock.now())))
  expect(full.stage).toBe('full')
  expect(await live(full.sessionId)).not.toBeNull()
  expect((await begins()).stage).toBe('second_factor')
  expect((await (await somebody('operator')).begins()).stage).toBe('full')
})

test('wrong codes are counted: after five even the right one waits', async () => {
  const { begins, finishes, enrols } = await somebody('operator')
  const { code } = await enrols()
  const { sessionId } = await begins()
  for (let i = 0; i < 5; i++)
    await expect(finishes(sessionId, 'aaaaa-aaaaa-aaaaa-aaaaa-aaaaa')).rejects.toBeInstanceOf(
      InvalidInputError,
    )
  await expect(finishes(sessionId, code())).rejects.toBeInstanceOf(RateLimitedError)
})

test('setting one up takes the password, is done once, and ends the other sessions', async () => {
  const { begins, as, live, enrols } = await somebody('operator')
  const other = await begins()
  const wrong = beginSecondFactor({ ctx: as(other.sessionId), input: { currentPassword: 'another' } })
  await expect(wrong).rejects.toBeInstanceOf(InvalidInputError)
  const { sessionId } = await enrols()
  expect(await live(sessionId)).not.toBeNull()
  expect(await live(other.sessionId)).toBeNull()
  const again = beginSecondFactor({ ctx: as(sessionId), input: { currentPassword: password } })
  await expect(again).rejects.toBeInstanceOf(ConflictError)
})

test('one takes it away oneself with a code, an admin with a reason; sessions end either way', async () => {
  const { begins, as, live, enrols, actor } = await somebody('operator')
  const { sessionId, code } = await enrols()
  await expect(removeSecondFactor({ ctx: as(sessionId), input: { code: '12345' } })).rejects.toBeInstanceOf(
    InvalidInputError,
  )
  await removeSecondFactor({ ctx: as(sessionId), input: { code: code() } })
  expect(await live(sessionId)).toBeNull()
  expect((await begins()).stage).toBe('full')
  await enrols()
  const ctx = testContext({ db: database.db, actor: await createTestPerson(database.db, 'admin') })
  const reset = () => resetSecondFactor({ ctx, input: { userId: actor.userId, reason: 'a lost phone' } })
  expect(await reset()).toMatchObject({ secondFactor: false })
  await expect(reset()).rejects.toBeInstanceOf(NotFoundError)
})

test('a new password by a link goes round no second factor', async () => {
  const { actor, enrols, finishes } = await somebody('operator')
  const { code } = await enrols()
  const ctx = testContext({ db: database.db, actor: await createTestPerson(database.db, 'admin') })
  const { invitation } = await inviteUser({ ctx, input: { userId: actor.userId, reason: 'forgot it' } })
  const token = invitation?.path.split('=')[1] ?? ''
  const input = { token, password: 'amber violin teapot', visit: visitOf() }
  const { sessionId, stage } = await acceptInvitation({ ctx, input }, passwordLimits)
  expect(stage).toBe('second_factor')
  expect(await finishes(sessionId, code())).toMatchObject({ stage: 'full' })
})

test('without a sign-in that was begun there is nothing to finish', async () => {
  const { finishes } = await somebody('operator')
  await expect(finishes('00000000-0000-4000-8000-000000000000', '123456')).rejects.toBeInstanceOf(
    UnauthenticatedError,
  )
})
