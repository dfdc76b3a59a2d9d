import { authorise, type Context } from '../kernel/context.ts'
import { ServiceError, UnauthenticatedError } from '../kernel/errors.ts'
import { groupsOf } from '../kernel/groups.ts'
import { type Permission, permissions } from '../kernel/roles.ts'
import type { SessionView } from './contract.ts'

/** Who acts and what they may do, for the screen. @throws UnauthenticatedError for nobody. */
export async function sessionView(ctx: Context): Promise<SessionView> {
  const { actor } = ctx
  if (actor.kind !== 'user' && actor.kind !== 'api_key') throw new UnauthenticatedError()
  const { kind, userId, email, roles } = actor
  const name = actor.kind === 'user' ? actor.name : actor.keyName
  const groups = (await groupsOf(ctx.db, [userId])).get(userId) ?? []
  const names = Object.keys(permissions) as Permission[]
  const entries = names.map((permission) => [permission, isAllowed(ctx, permission)] as const)
  const may = Object.fromEntries(entries) as SessionView['may']
  return { kind, userId, email, name, roles, groups, may }
}

function isAllowed(ctx: Context, permission: Permission): boolean {
  try {
    authorise(ctx, permission)
    return true
  } catch (error) {
    if (error instanceof ServiceError) return false
    throw error
  }
}
