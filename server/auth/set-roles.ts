import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type SetRolesInput, setRolesInput, type UserView } from './contract.ts'
import { updateAccount } from './update-account.ts'

/** Replaces the roles of a person; open sessions end. @throws ConflictError when no active admin would be left. */
export async function setRoles({ ctx, input }: Verb<SetRolesInput>): Promise<UserView> {
  authorise(ctx, 'people.manage')
  const { userId, roles, reason } = parseInput(setRolesInput, input, 'request')
  return updateAccount(ctx, userId, { roles }, (before) => ({
    action: 'user.roles-set',
    body: { email: before.email, before: before.roles, after: roles, reason },
  }))
}
