import type { Verb } from '../kernel/context.ts'
import { ForbiddenError, InvalidInputError, UnauthenticatedError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { type ChangePasswordInput, changePasswordInput, type UserView } from './contract.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { updateAccount } from './update-account.ts'

/** A person's own password; needs the present one, and ends every session, this one included. */
export async function changePassword({ ctx, input }: Verb<ChangePasswordInput>): Promise<UserView> {
  const { actor } = ctx
  if (actor.kind === 'anonymous') throw new UnauthenticatedError()
  if (actor.kind !== 'user')
    throw new ForbiddenError('Only a person who is signed in has a password to change.')
  const { currentPassword, newPassword } = parseInput(changePasswordInput, input, 'request')
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { passwordHash: true },
  })
  if (!(await verifyPassword(currentPassword, user.passwordHash))) {
    throw new InvalidInputError('The current password is not right.', [
      { path: 'currentPassword', message: 'is not your current password' },
    ])
  }
  const change = { passwordHash: await hashPassword(newPassword) }
  return updateAccount(ctx, actor.userId, change, (before) => ({
    action: 'user.password-changed',
    body: { email: before.email },
  }))
}
