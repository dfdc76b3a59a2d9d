import type { Context } from '../kernel/context.ts'
import { ForbiddenError, InvalidInputError } from '../kernel/errors.ts'
import { beginAttempt, forgetAttempt, passwordLimits } from './attempts.ts'
import { verifyPassword } from './password.ts'
import { requirePerson } from './require-person.ts'

const freshForMs = 10 * 60_000

/**
 * Asks who is signed in to show it again, before the way in is changed: by the password; who has none, or has not finished
 * signing in, by having begun to sign in a moment ago.
 * @throws InvalidInputError without the right password, ForbiddenError when signing in was too long ago
 */
export async function requireOwner(ctx: Context, currentPassword: string | undefined): Promise<void> {
  const { userId } = requirePerson(ctx)
  const [user, session] = await Promise.all([
    ctx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { passwordHash: true } }),
    ctx.db.session.findUnique({
      where: { id: ctx.sessionId ?? userId },
      select: { stage: true, createdAt: true },
    }),
  ])
  if (session?.stage === 'enrolment') return
  if (user.passwordHash === null) {
    const ageMs = session ? ctx.clock.now().getTime() - session.createdAt.getTime() : Number.POSITIVE_INFINITY
    if (ageMs <= freshForMs) return
    throw new ForbiddenError(
      'Sign out and in again first: this is possible for ten minutes after signing in.',
    )
  }
  const attempt = { kind: 'own password', account: userId, source: '', device: ctx.sessionId ?? userId }
  await beginAttempt(ctx, attempt, passwordLimits)
  if (!(await verifyPassword(currentPassword ?? '', user.passwordHash))) {
    throw new InvalidInputError('The current password is not right.', [
      { path: 'currentPassword', message: 'is not your current password' },
    ])
  }
  await forgetAttempt(ctx, attempt, passwordLimits)
}
