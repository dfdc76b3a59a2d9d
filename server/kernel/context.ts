import type { Clock } from './clock.ts'
import type { Db } from './db.ts'
import { ForbiddenError, UnauthenticatedError } from './errors.ts'
import type { Ids } from './ids.ts'
import type { Logger } from './log.ts'
import type { Queue } from './queue.ts'
import { type Permission, permissions, type Role, type Scope } from './roles.ts'

/** Who acts, with the roles held at that moment; kept as it is in decisions and in the log. */
export type Actor =
  | { kind: 'user'; userId: string; email: string; name: string; roles: Role[] }
  | {
      kind: 'api_key'
      keyId: string
      keyName: string
      userId: string
      email: string
      roles: Role[]
      scopes: Scope[]
    }
  /** A published rule that decides within its bounds. `version`: of the rules of approval that it stands in. */
  | { kind: 'rule'; rule: string; version: number }
  | { kind: 'system'; component: string }
  | { kind: 'anonymous' }

/** All that a verb may reach for beside its input. */
export type Context = {
  db: Db
  actor: Actor
  clock: Clock
  ids: Ids
  queue: Queue
  log: Logger
  requestId: string
  /** The sign-in that the request came with; absent for keys and for the system. */
  sessionId?: string
}

/** The one argument of every verb. */
export type Verb<Input> = { ctx: Context; input: Input }

/**
 * Lets the actor pass or throws.
 * @throws UnauthenticatedError for nobody, ForbiddenError for somebody without the role or the key's scope.
 */
export function authorise(ctx: Context, permission: Permission): void {
  const { actor } = ctx
  if (actor.kind === 'system') return
  if (actor.kind === 'rule') {
    if (permission === 'proposal.decide') return
    throw new ForbiddenError(`"${permission}" is not for a rule; it decides proposals and nothing else.`)
  }
  if (actor.kind === 'anonymous') throw new UnauthenticatedError()
  const need: { roles: readonly Role[]; scope: Scope } = permissions[permission]
  if (!actor.roles.some((role) => need.roles.includes(role))) {
    const who = need.roles.length ? `the role ${need.roles.join(' or ')}` : 'the system itself'
    throw new ForbiddenError(
      `"${permission}" is for ${who}; you hold ${actor.roles.join(', ') || 'no role'}.`,
    )
  }
  if (actor.kind === 'api_key' && !actor.scopes.includes(need.scope)) {
    throw new ForbiddenError(
      `This API key lacks the scope "${need.scope}"; it has ${actor.scopes.join(', ')}.`,
    )
  }
}

/** The person behind the actor, for foreign keys; null for the system. */
export function actorUserId(actor: Actor): string | null {
  return actor.kind === 'user' || actor.kind === 'api_key' ? actor.userId : null
}
