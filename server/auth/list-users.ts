import { authorise, type Context } from '../kernel/context.ts'
import type { UserView } from './contract.ts'
import { userFields, userView } from './views.ts'

/** Everybody with an account, by name. */
export async function listUsers({ ctx }: { ctx: Context }): Promise<UserView[]> {
  authorise(ctx, 'people.read')
  const users = await ctx.db.user.findMany({ select: userFields, orderBy: [{ name: 'asc' }, { id: 'asc' }] })
  return users.map(userView)
}
