import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type CreatedUser, type ResetPasswordInput, resetPasswordInput } from './contract.ts'
import { readablePassword } from './generated-secret.ts'
import { hashPassword } from './password.ts'
import { updateAccount } from './update-account.ts'

/** Gives a person who is locked out a new password, returned this once; open sessions end. */
export async function resetPassword({ ctx, input }: Verb<ResetPasswordInput>): Promise<CreatedUser> {
  authorise(ctx, 'people.manage')
  const { userId, reason } = parseInput(resetPasswordInput, input, 'request')
  const generatedPassword = readablePassword(ctx.ids.nonce())
  const change = { passwordHash: await hashPassword(generatedPassword) }
  const user = await updateAccount(ctx, userId, change, (before) => ({
    action: 'user.password-reset',
    body: { email: before.email, reason },
  }))
  return { user, generatedPassword }
}
