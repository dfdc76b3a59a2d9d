import { authorise, type Context } from '../kernel/context.ts'
import type { GroupView } from './contract.ts'
import { groupFields, groupView } from './views.ts'

/** Every group with its members, by name. */
export async function listGroups({ ctx }: { ctx: Context }): Promise<GroupView[]> {
  authorise(ctx, 'people.read')
  const groups = await ctx.db.group.findMany({ select: groupFields, orderBy: { name: 'asc' } })
  return groups.map(groupView)
}
