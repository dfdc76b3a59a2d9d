import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { actorUserId, authorise, type Verb } from '../kernel/context.ts'
import { InvalidInputError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { roles, scopesOf } from '../kernel/roles.ts'
import { transact } from '../kernel/transact.ts'
import { hashToken, tokenPrefix } from './api-key-token.ts'
import { type CreateApiKeyInput, type CreatedApiKey, createApiKeyInput } from './contract.ts'
import { apiKeyFields, apiKeyView } from './views.ts'

const dayMs = 86_400_000

/**
 * Makes a key that acts for its owner, within `scopes` and the owner's roles. The token is returned this once.
 * @throws InvalidInputError for a scope that the owner's roles open nothing of
 */
export async function createApiKey({ ctx, input }: Verb<CreateApiKeyInput>): Promise<CreatedApiKey> {
  authorise(ctx, 'apiKey.manage')
  const { name, scopes, expiresInDays, ...rest } = parseInput(createApiKeyInput, input, 'API key')
  const ownerId = rest.ownerId ?? actorUserId(ctx.actor)
  if (!ownerId)
    throw new InvalidInputError('Say whose key it is.', [{ path: 'ownerId', message: 'is missing' }])
  const now = ctx.clock.now()
  const token = `isk_${ctx.ids.nonce()}`
  const expiresAt = expiresInDays === null ? null : new Date(now.getTime() + expiresInDays * dayMs)

  return transact(ctx, async (tx) => {
    const owner = await tx.user.findUnique({
      where: { id: ownerId },
      select: { email: true, active: true, roles: true },
    })
    if (!owner?.active) throw new NotFoundError('active person', ownerId)
    const allowed = scopesOf(roles.filter((role) => owner.roles.includes(role)))
    const idle = scopes.filter((scope) => !allowed.includes(scope))
    if (idle.length > 0) {
      const held = owner.roles.join(', ') || 'no role'
      throw new InvalidInputError(`The owner has ${held}, which opens nothing of ${idle.join(', ')}.`, [
        {
          path: 'scopes',
          message: `${idle.join(', ')}: not of the owner’s roles (${held})`,
          expected: allowed.join(', ') || 'a role first',
        },
      ])
    }
    const key = await tx.apiKey.create({
      data: {
        id: ctx.ids.uuid(),
        name,
        scopes: [...new Set(scopes)],
        ownerId,
        expiresAt,
        createdAt: now,
        prefix: tokenPrefix(token),
        hash: hashToken(token),
      },
      select: apiKeyFields,
    })
    await announce(tx, { topic: 'people', id: ownerId })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'api-key.created',
      subject: `api-key/${key.id}`,
      body: {
        name,
        prefix: key.prefix,
        scopes,
        owner: owner.email,
        expiresAt: expiresAt?.toISOString() ?? null,
      },
    })
    return { key: apiKeyView(key, now), token }
  })
}
