import { append } from '../audit/index.ts'
import type { Context, Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { InvalidInputError, UnauthenticatedError } from '../kernel/errors.ts'
import type { SignInMethod } from '../kernel/generated/client.ts'
import { parseInput } from '../kernel/parse.ts'
import type { Role } from '../kernel/roles.ts'
import { transact } from '../kernel/transact.ts'
import { choosePasswordInput } from './contract.ts'
import { closeSessions } from './end-sessions.ts'
import { type OpenedSession, openSession } from './open-session.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { requireStrongPassword } from './password-rules.ts'
import type { LiveSession } from './session.ts'
import { type SignInVisit, stageAfterPassword } from './sign-in.ts'

type Person = { id: string; email: string; name: string; roles: Role[] }
type Chosen = { passwordHash: string; method: SignInMethod; visit: SignInVisit }

/** Keeps the password that a person chose instead of what a generator made, and goes on signing in. In the caller's transaction. */
export async function keepChosenPassword(
  tx: Tx,
  ctx: Context,
  person: Person,
  { passwordHash, method, visit }: Chosen,
): Promise<OpenedSession> {
  const { id: userId, email, name, roles } = person
  await tx.user.update({ where: { id: userId }, data: { passwordHash, firstPasswordUntil: null } })
  await closeSessions(tx, ctx, { userId })
  await append(
    tx,
    { ...ctx, actor: { kind: 'user', userId, email, name, roles } },
    { stage: 'auth', action: 'user.password-chosen', subject: `user/${userId}`, body: { email } },
  )
  const stage = await stageAfterPassword(tx, person)
  return openSession(tx, ctx, person, { method, stage, strong: false }, visit)
}

/**
 * The step after a first password that a generator made (ASVS 5.0, 6.4.1): the person chooses another, and is in, or goes on
 * to the second factor.
 * @throws UnauthenticatedError when nobody is at this step, InvalidInputError for a weak password or the first one
 */
export async function choosePassword({
  ctx,
  input: { begun, visit: from, password: given },
}: Verb<{ begun: LiveSession | null; visit: SignInVisit; password: string }>): Promise<OpenedSession> {
  if (begun?.stage !== 'new_password') throw tooLate()
  const { actor, id: sessionId, method } = begun
  const { password } = parseInput(choosePasswordInput, { password: given }, 'request')
  requireStrongPassword(password, actor)
  const first = await ctx.db.user.findUnique({
    where: { id: actor.userId },
    select: { passwordHash: true },
  })
  if (!first?.passwordHash) throw tooLate()
  if (await verifyPassword(password, first.passwordHash))
    throw new InvalidInputError('This is the password that was printed. Choose another.')
  const passwordHash = await hashPassword(password)
  return transact({ ...ctx, actor, sessionId }, async (tx) => {
    // Of two browsers at this step the first one chooses.
    const { count } = await tx.user.updateMany({
      where: { id: actor.userId, passwordHash: first.passwordHash, firstPasswordUntil: { not: null } },
      data: { firstPasswordUntil: null },
    })
    if (count === 0) throw tooLate()
    const visit = { ...from, sessionId }
    return keepChosenPassword(tx, ctx, { ...actor, id: actor.userId }, { passwordHash, method, visit })
  })
}

const tooLate = () =>
  new UnauthenticatedError(
    'Signing in has taken too long, or another password was chosen meanwhile. Begin again.',
  )
