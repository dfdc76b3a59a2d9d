import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import type { Db } from '../kernel/db.ts'
import { UnauthenticatedError } from '../kernel/errors.ts'
import { hashToken, isApiKeyToken } from './api-key-token.ts'
import { apiKeyFields, apiKeyView } from './views.ts'

const useIsNotedEveryMs = 60_000

/**
 * The actor that a key stands for, with the roles that its owner holds now.
 * @throws UnauthenticatedError that says whether the key is unknown, expired, revoked or its owner is gone.
 */
export async function authenticateApiKey(
  { db, clock }: { db: Db; clock: Clock },
  token: string,
): Promise<Extract<Actor, { kind: 'api_key' }>> {
  const unknown = () =>
    new UnauthenticatedError(
      'This API key is not known. A key looks like "isk_…"; make one under People → API keys.',
    )
  if (!isApiKeyToken(token)) throw unknown()
  const found = await db.apiKey.findUnique({
    where: { hash: hashToken(token) },
    select: { ...apiKeyFields, owner: { select: { ...apiKeyFields.owner.select, roles: true } } },
  })
  if (!found) throw unknown()
  const now = clock.now()
  const key = apiKeyView(found, now)
  if (key.state === 'revoked') throw new UnauthenticatedError(`The API key "${key.name}" was revoked.`)
  if (key.state === 'expired')
    throw new UnauthenticatedError(`The API key "${key.name}" expired at ${key.expiresAt}.`)
  if (key.state === 'owner-inactive') {
    throw new UnauthenticatedError(`The owner of the API key "${key.name}" is no longer active.`)
  }
  const lately = new Date(now.getTime() - useIsNotedEveryMs)
  if (!found.lastUsedAt || found.lastUsedAt < lately) {
    await db.apiKey.updateMany({
      where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: lately } }] },
      data: { lastUsedAt: now },
    })
  }
  return {
    kind: 'api_key',
    keyId: key.id,
    keyName: key.name,
    userId: key.owner.id,
    email: key.owner.email,
    roles: found.owner.roles,
    scopes: key.scopes,
  }
}
