import { append } from '../audit/index.ts'
import type { Verb } from '../kernel/context.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import { transact } from '../kernel/transact.ts'
import { email as emailSchema } from './contract.ts'
import { verifyNothing, verifyPassword } from './password.ts'
import type { AttemptLimiter } from './rate-limit.ts'

export type SignInInput = { email: string; password: string; address: string }
export type SignedIn = { userId: string; email: string; name: string; sessionVersion: number }
/** `account`: over all addresses, so that one account cannot be tried from everywhere. */
export type SignInLimits = { accountAndAddress: AttemptLimiter; account: AttemptLimiter }

/**
 * Checks a password. Nothing in the answer or its time tells whether the account exists.
 * @throws UnauthenticatedError for any wrong pair or an inactive account, RateLimitedError after too many.
 */
export async function signIn({ ctx, input }: Verb<SignInInput>, limits: SignInLimits): Promise<SignedIn> {
  const email = emailSchema.safeParse(input.email).data ?? ''
  const pair = `${email} ${input.address}`
  limits.accountAndAddress.begin(pair)
  limits.account.begin(email)

  const user = await ctx.db.user.findUnique({ where: { email } })
  const right = user
    ? await verifyPassword(input.password, user.passwordHash)
    : await verifyNothing(input.password)
  if (!user?.active || !right) {
    ctx.log.warn({ requestId: ctx.requestId, address: input.address }, 'sign-in refused')
    throw new UnauthenticatedError('The e-mail address or the password is not right.')
  }
  limits.accountAndAddress.forget(pair)
  limits.account.undo(email)
  const { id, name, sessionVersion, roles } = user
  await transact(ctx, async (tx) => {
    await tx.user.update({ where: { id }, data: { lastSignInAt: ctx.clock.now() } })
    const actor = { kind: 'user', userId: id, email, name, roles } as const
    const entry = { stage: 'auth', action: 'user.signed-in', subject: `user/${id}`, body: {} } as const
    await append(tx, { ...ctx, actor }, entry)
  })
  return { userId: id, email, name, sessionVersion }
}
