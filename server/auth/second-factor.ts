import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { type SealedColumn, seal, unseal } from '../kernel/secretbox.ts'
import { transact } from '../kernel/transact.ts'
import { hashToken } from './api-key-token.ts'
import { beginAttempt, codeLimits, forgetAttempt } from './attempts.ts'
import {
  type BeginSecondFactorInput,
  beginSecondFactorInput,
  type CodeInput,
  codeInput,
  type ResetSecondFactorInput,
  resetSecondFactorInput,
  type SecondFactorSetup,
  type UserView,
} from './contract.ts'
import { closeSessions } from './end-sessions.ts'
import { readablePassword } from './generated-secret.ts'
import { requireOwner } from './require-owner.ts'
import { requirePerson } from './require-person.ts'
import { base32, keyUri, matchingStep, newSecret } from './totp.ts'
import { updateAccount } from './update-account.ts'

const recoveryCodes = 10
/** 125 bits: a plain hash of so much cannot be searched (ASVS 5.0, 6.5.2). */
const recoveryGroups = 5
const issuer = 'InfraSage'

/** Binds a sealed secret to its person: copied into another row it does not open. */
const ownerOf = (userId: string) => `second-factor/${userId}`

export const sealedSecondFactor: SealedColumn = {
  ...{ table: 'SecondFactor', id: 'userId', column: 'secret' },
  ownerOf,
}

/**
 * Makes a secret and recovery codes for the person, both told this once. They count for nothing until a code confirms them.
 * @throws ConflictError when there is a second factor already, InvalidInputError without the current password
 */
export async function beginSecondFactor({
  ctx,
  input,
}: Verb<BeginSecondFactorInput>): Promise<SecondFactorSetup> {
  const { userId, email } = requirePerson(ctx)
  await requireOwner(ctx, parseInput(beginSecondFactorInput, input, 'request').currentPassword)
  const secret = newSecret()
  const codes = Array.from({ length: recoveryCodes }, () => readablePassword(ctx.ids.nonce(), recoveryGroups))
  await transact(ctx, async (tx) => {
    await tx.$queryRaw`SELECT "id" FROM "User" WHERE "id" = ${userId}::uuid FOR UPDATE`
    const present = await tx.secondFactor.findUnique({ where: { userId }, select: { confirmedAt: true } })
    if (present?.confirmedAt) throw new ConflictError('There is a second factor already; remove it first.')
    const row = {
      secret: seal(secret.toString('hex'), ownerOf(userId)),
      createdAt: ctx.clock.now(),
      lastStep: null,
    }
    await tx.secondFactor.upsert({ where: { userId }, create: { userId, ...row }, update: row })
    await tx.recoveryCode.deleteMany({ where: { userId } })
    await tx.recoveryCode.createMany({ data: codes.map((code) => ({ userId, hash: hashToken(code) })) })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'user.second-factor-begun',
      subject: `user/${userId}`,
      body: { email },
    })
  })
  return { key: base32(secret), uri: keyUri(secret, email, issuer), recoveryCodes: codes }
}

/** Shows that the person's device holds the secret. Every other session of the person ends. */
export async function confirmSecondFactor({ ctx, input }: Verb<CodeInput>): Promise<{ confirmed: true }> {
  const { userId, email } = requirePerson(ctx)
  const { code } = parseInput(codeInput, input, 'request')
  await countingCode(ctx, userId, () =>
    transact(ctx, async (tx) => {
      const factor = await lockFactor(tx, userId)
      if (!factor) throw new NotFoundError('second factor that waits for its first code of', email)
      if (factor.confirmedAt) throw new ConflictError('The second factor is set up already.')
      await tx.secondFactor.update({
        where: { userId },
        data: { confirmedAt: ctx.clock.now(), lastStep: stepOf(ctx, factor, code) },
      })
      await closeSessions(tx, ctx, { userId, id: { not: ctx.sessionId ?? '' } })
      await announce(tx, { topic: 'people', id: userId })
      await append(tx, ctx, {
        stage: 'auth',
        action: 'user.second-factor-set',
        subject: `user/${userId}`,
        body: { email },
      })
    }),
  )
  return { confirmed: true }
}

/** Takes one's own second factor away, with a code of it; every session ends, and a role that asks for one asks again. */
export async function removeSecondFactor({ ctx, input }: Verb<CodeInput>): Promise<UserView> {
  const { userId } = requirePerson(ctx)
  const { code } = parseInput(codeInput, input, 'request')
  return countingCode(ctx, userId, () =>
    updateAccount(
      ctx,
      userId,
      {},
      ({ email }) => ({ action: 'user.second-factor-removed', body: { email } }),
      async (tx) => {
        await takeCode(tx, ctx, userId, code)
        await dropFactor(tx, userId)
      },
    ),
  )
}

/** Takes the second factor of somebody who has lost it. @throws NotFoundError when there is none */
export async function resetSecondFactor({ ctx, input }: Verb<ResetSecondFactorInput>): Promise<UserView> {
  authorise(ctx, 'people.manage')
  const { userId, reason } = parseInput(resetSecondFactorInput, input, 'request')
  return updateAccount(
    ctx,
    userId,
    {},
    ({ email }) => ({ action: 'user.second-factor-reset', body: { email, reason } }),
    async (tx) => {
      if (!(await dropFactor(tx, userId))) throw new NotFoundError('second factor of', userId)
    },
  )
}

/**
 * Uses a code up: one of the device, each good once, or a recovery code. In the caller's transaction.
 * @throws InvalidInputError for any other
 */
export async function takeCode(tx: Tx, ctx: Context, userId: string, code: string): Promise<void> {
  const factor = await lockFactor(tx, userId)
  if (!factor?.confirmedAt) throw wrongCode()
  if (/^\d{6}$/.test(code)) {
    await tx.secondFactor.update({ where: { userId }, data: { lastStep: stepOf(ctx, factor, code) } })
    return
  }
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, hash: hashToken(code), usedAt: null },
    data: { usedAt: ctx.clock.now() },
  })
  if (count === 0) throw wrongCode()
  await append(tx, ctx, {
    stage: 'auth',
    action: 'user.recovery-code-used',
    subject: `user/${userId}`,
    body: { left: await tx.recoveryCode.count({ where: { userId, usedAt: null } }) },
  })
}

/** Counts wrong codes of a person, of all sessions together. `visit`: what else they are counted by, at sign-in. */
export async function countingCode<T>(
  ctx: Context,
  userId: string,
  work: () => Promise<T>,
  visit: { address: string; device: string | null } = { address: 'signed in', device: ctx.sessionId ?? null },
): Promise<T> {
  const attempt = { kind: 'code', account: userId, source: visit.address, device: visit.device }
  await beginAttempt(ctx, attempt, codeLimits)
  const result = await work()
  await forgetAttempt(ctx, attempt, codeLimits)
  return result
}

type Factor = { userId: string; secret: string; lastStep: number | null; confirmedAt: Date | null }

/** Locked, so that one code at two places at once is taken at one of them. */
async function lockFactor(tx: Tx, userId: string): Promise<Factor | null> {
  await tx.$queryRaw`SELECT "userId" FROM "SecondFactor" WHERE "userId" = ${userId}::uuid FOR UPDATE`
  return tx.secondFactor.findUnique({ where: { userId } })
}

function stepOf(ctx: Context, { userId, secret, lastStep }: Factor, code: string): number {
  const key = Buffer.from(unseal(secret, ownerOf(userId)), 'hex')
  const step = matchingStep(key, code, { at: ctx.clock.now(), lastStep })
  if (step === null) throw wrongCode()
  return step
}

async function dropFactor(tx: Tx, userId: string): Promise<boolean> {
  await tx.recoveryCode.deleteMany({ where: { userId } })
  return (await tx.secondFactor.deleteMany({ where: { userId } })).count > 0
}

const wrongCode = () =>
  new InvalidInputError('This code is not right, or it was used before. Wait for the next one.', [
    { path: 'code', message: 'is not right, or was used before' },
  ])
