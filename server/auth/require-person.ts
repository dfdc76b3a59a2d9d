import type { Actor, Context } from '../kernel/context.ts'
import { ForbiddenError, UnauthenticatedError } from '../kernel/errors.ts'

/** The person who is signed in: what concerns one's own sign-in is no matter for an API key. */
export function requirePerson({ actor }: Context): Extract<Actor, { kind: 'user' }> {
  if (actor.kind === 'anonymous') throw new UnauthenticatedError()
  if (actor.kind !== 'user') throw new ForbiddenError('Only a person who is signed in has an account.')
  return actor
}
