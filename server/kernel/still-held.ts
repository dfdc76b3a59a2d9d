import type { Context } from './context.ts'
import type { Tx } from './db.ts'
import { UnauthenticatedError } from './errors.ts'

/**
 * Who acts was read when the request came, and its body may come much later: looks again, in the transaction that is to
 * change something, whether the person is still active, holds these roles, and the session or key still stands.
 * @throws UnauthenticatedError
 */
export async function requireStillHeld(
  tx: Tx,
  { actor, clock, sessionId }: Pick<Context, 'actor' | 'clock' | 'sessionId'>,
): Promise<void> {
  if (actor.kind !== 'user' && actor.kind !== 'api_key') return
  const now = clock.now()
  const standing = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
  const owner = await tx.user.findFirst({
    where: {
      id: actor.userId,
      active: true,
      apiKeys: actor.kind === 'api_key' ? { some: { id: actor.keyId, ...standing } } : undefined,
      sessions: sessionId ? { some: { id: sessionId, endedAt: null, expiresAt: { gt: now } } } : undefined,
    },
    select: { roles: true },
  })
  if (owner && actor.roles.every((role) => owner.roles.includes(role))) return
  throw new UnauthenticatedError(
    'Your session, roles, account or key were changed while this was under way, and nothing was done. Sign in again.',
  )
}
