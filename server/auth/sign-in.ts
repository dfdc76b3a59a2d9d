import type { Context, Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import type { SessionStage } from '../kernel/generated/client.ts'
import type { Role } from '../kernel/roles.ts'
import { transact } from '../kernel/transact.ts'
import { type AttemptLimits, beginAttempt, forgetAttempt } from './attempts.ts'
import { email as emailSchema } from './contract.ts'
import { type OpenedSession, openSession, type Visit } from './open-session.ts'
import { verifyNothing, verifyPassword } from './password.ts'
import { rulesInForce } from './sign-in-rules.ts'

/** `device`: of this browser for an account, once its cookie was found true. */
export type SignInVisit = Visit & { device: (email: string) => string | null }
export type SignInInput = { email: string; password: string; visit: SignInVisit }
/** `demo`: a sandbox runs, and the passwords that the first start printed are kept for as long as it does. */
export type SignInTerms = { limits: AttemptLimits; demo: boolean }

/**
 * Checks a password and opens a session, which is not full where a second factor is to come. Nothing in the answer or its
 * time tells whether the account exists.
 * @throws UnauthenticatedError for any wrong pair or an inactive account, RateLimitedError after too many.
 */
export async function signIn(
  { ctx, input: { visit, ...input } }: Verb<SignInInput>,
  { limits, demo }: SignInTerms,
): Promise<OpenedSession> {
  const email = emailSchema.safeParse(input.email).data ?? ''
  const attempt = { kind: 'password', account: email, source: visit.address, device: visit.device(email) }
  await beginAttempt(ctx, attempt, limits)

  const user = await ctx.db.user.findUnique({ where: { email } })
  const right = user?.passwordHash
    ? await verifyPassword(input.password, user.passwordHash)
    : await verifyNothing(input.password)
  if (!user?.active || !right) {
    ctx.log.warn({ requestId: ctx.requestId, address: visit.address }, 'sign-in refused')
    throw new UnauthenticatedError('The e-mail address or the password is not right.')
  }
  await forgetAttempt(ctx, attempt, limits)
  const first = demo ? null : user.firstPasswordUntil
  if (first && first <= ctx.clock.now()) throw firstPasswordOver(first)
  return transact(ctx, async (tx) => {
    const stage = first ? 'new_password' : await stageAfterPassword(tx, user)
    return openSession(tx, ctx, user, { method: 'password', stage, strong: false }, visit)
  })
}

/** Told to whoever knows it: a password that was printed opens nothing for long. */
const firstPasswordOver = (until: Date) =>
  new UnauthenticatedError(
    `This first password was good until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC. An admin can send a link ` +
      'under People, and "infrasage user reset" prints one.',
  )

/** What is still to come of somebody whose password, or the provider's word without a second factor, was right. */
export async function stageAfterPassword(
  tx: Tx | Context['db'],
  { id, roles }: { id: string; roles: Role[] },
): Promise<SessionStage> {
  const factor = await tx.secondFactor.findUnique({ where: { userId: id }, select: { confirmedAt: true } })
  if (factor?.confirmedAt) return 'second_factor'
  const { secondFactorRoles } = await rulesInForce(tx)
  return roles.some((role) => secondFactorRoles.includes(role)) ? 'enrolment' : 'full'
}
