import { append } from '../audit/index.ts'
import { announce } from '../kernel/bus.ts'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { transact } from '../kernel/transact.ts'
import { type ApiKeyView, type RevokeApiKeyInput, revokeApiKeyInput } from './contract.ts'
import { apiKeyFields, apiKeyView } from './views.ts'

/** Ends a key at once and for good. @throws NotFoundError, ConflictError when it was revoked before. */
export async function revokeApiKey({ ctx, input }: Verb<RevokeApiKeyInput>): Promise<ApiKeyView> {
  authorise(ctx, 'apiKey.manage')
  const { keyId } = parseInput(revokeApiKeyInput, input, 'request')
  const now = ctx.clock.now()
  return transact(ctx, async (tx) => {
    const { count } = await tx.apiKey.updateMany({
      where: { id: keyId, revokedAt: null },
      data: { revokedAt: now },
    })
    const key = await tx.apiKey.findUnique({ where: { id: keyId }, select: apiKeyFields })
    if (!key) throw new NotFoundError('API key', keyId)
    if (count === 0) throw new ConflictError(`The key "${key.name}" was revoked before.`)
    await announce(tx, { topic: 'people', id: key.owner.id })
    await append(tx, ctx, {
      stage: 'auth',
      action: 'api-key.revoked',
      subject: `api-key/${keyId}`,
      body: { name: key.name, prefix: key.prefix, owner: key.owner.email },
    })
    return apiKeyView(key, now)
  })
}
