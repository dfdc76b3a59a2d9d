import type { Verb } from '../kernel/context.ts'
import { ConflictError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { type ChangePasswordInput, changePasswordInput, type UserView } from './contract.ts'
import { hashPassword } from './password.ts'
import { requireStrongPassword } from './password-rules.ts'
import { requireOwner } from './require-owner.ts'
import { requirePerson } from './require-person.ts'
import { updateAccount } from './update-account.ts'

/** A person's own password; needs the present one, and ends every session, this one included. */
export async function changePassword({ ctx, input }: Verb<ChangePasswordInput>): Promise<UserView> {
  const actor = requirePerson(ctx)
  const { currentPassword, newPassword } = parseInput(changePasswordInput, input, 'request')
  const user = await ctx.db.user.findUniqueOrThrow({
    where: { id: actor.userId },
    select: { passwordHash: true },
  })
  if (user.passwordHash === null)
    throw new ConflictError('You sign in through the identity provider, and have no password here.')
  await requireOwner(ctx, currentPassword)
  requireStrongPassword(newPassword, actor)
  const change = { passwordHash: await hashPassword(newPassword), firstPasswordUntil: null }
  return updateAccount(ctx, actor.userId, change, (before) => ({
    action: 'user.password-changed',
    body: { email: before.email },
  }))
}
