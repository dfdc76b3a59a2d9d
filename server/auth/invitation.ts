import { authorise, type Context, type Verb } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, UnauthenticatedError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { hashToken } from './api-key-token.ts'
import { type AttemptLimits, beginAttempt, forgetAttempt } from './attempts.ts'
import { keepChosenPassword } from './choose-password.ts'
import {
  acceptInvitationInput,
  type InvitationView,
  type InvitedUser,
  type InviteInput,
  inviteInput,
} from './contract.ts'
import type { OpenedSession } from './open-session.ts'
import { hashPassword } from './password.ts'
import { requireStrongPassword } from './password-rules.ts'
import type { SignInVisit } from './sign-in.ts'
import { updateAccount } from './update-account.ts'

export const validHours = 72

/** The end of what lets somebody in who has no password of their own yet. */
export const validUntil = (from: Date): Date => new Date(from.getTime() + validHours * 3_600_000)

/** A fresh one-time token for a person; any earlier one opens nothing from now on. */
export async function makeInvitation(tx: Tx, ctx: Context, userId: string): Promise<InvitationView> {
  const token = ctx.ids.nonce()
  const createdAt = ctx.clock.now()
  const expiresAt = validUntil(createdAt)
  const data = { hash: hashToken(token), createdAt, expiresAt }
  await tx.invitation.upsert({ where: { userId }, create: { userId, ...data }, update: data })
  return { path: `/sign-in#invitation=${token}`, expiresAt: expiresAt.toISOString() }
}

/**
 * For a person who is locked out: the password no longer holds, open sessions end, and the link, returned this once, lets
 * the person choose another. Whoever hands it on never knows the password.
 */
export async function inviteUser({ ctx, input }: Verb<InviteInput>): Promise<InvitedUser> {
  authorise(ctx, 'people.manage')
  const { userId, reason } = parseInput(inviteInput, input, 'request')
  let invitation: InvitationView | null = null
  const user = await updateAccount(
    ctx,
    userId,
    { passwordHash: null, firstPasswordUntil: null },
    (before) => ({ action: 'user.password-reset', body: { email: before.email, reason } }),
    async (tx) => {
      if ((await tx.providerIdentity.count({ where: { userId } })) > 0)
        throw new ConflictError(
          'The identity provider vouches for this person; a password here would go round it.',
        )
      invitation = await makeInvitation(tx, ctx, userId)
    },
  )
  return { user, invitation }
}

/**
 * Sets the password that the invited person chose and signs in.
 * @throws UnauthenticatedError for a link that was used, replaced or is too old, InvalidInputError for a weak password
 */
export async function acceptInvitation(
  { ctx, input: { visit, ...input } }: Verb<{ token: string; password: string; visit: SignInVisit }>,
  limits: AttemptLimits,
): Promise<OpenedSession> {
  const attempt = { kind: 'invitation', account: input.token, source: visit.address, device: null }
  await beginAttempt(ctx, attempt, limits)
  const { token, password } = parseInput(acceptInvitationInput, input, 'request')
  const hash = hashToken(token)
  const found = await ctx.db.invitation.findFirst({
    where: { hash, expiresAt: { gt: ctx.clock.now() }, user: { active: true } },
    select: { user: { select: { id: true, email: true, name: true, roles: true } } },
  })
  if (!found) throw unknownLink()
  const { user } = found
  requireStrongPassword(password, user)
  await forgetAttempt(ctx, attempt, limits)
  const passwordHash = await hashPassword(password)
  return transact(ctx, async (tx) => {
    // Whoever deletes the row is the one who used the link.
    const { count } = await tx.invitation.deleteMany({ where: { hash } })
    if (count === 0) throw unknownLink()
    return keepChosenPassword(tx, ctx, user, { passwordHash, method: 'invitation', visit })
  })
}

const unknownLink = () =>
  new UnauthenticatedError(
    'This link was used before, was replaced by a newer one, or is too old. Ask an admin for another.',
  )
