import { authorise, type Verb } from '../kernel/context.ts'
import { parseInput } from '../kernel/parse.ts'
import { type SetActiveInput, setActiveInput, type UserView } from './contract.ts'
import { updateAccount } from './update-account.ts'

/** Lets a person in or shuts them out, with all their sessions and API keys. @throws ConflictError for the last admin. */
export async function setActive({ ctx, input }: Verb<SetActiveInput>): Promise<UserView> {
  authorise(ctx, 'people.manage')
  const { userId, active, reason } = parseInput(setActiveInput, input, 'request')
  return updateAccount(ctx, userId, { active }, (before) => ({
    action: active ? 'user.activated' : 'user.deactivated',
    body: { email: before.email, before: before.active, after: active, reason },
  }))
}
