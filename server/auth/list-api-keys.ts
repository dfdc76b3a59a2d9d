import { authorise, type Context } from '../kernel/context.ts'
import type { ApiKeyView } from './contract.ts'
import { apiKeyFields, apiKeyView } from './views.ts'

/** Every key that was ever made, newest first; never the tokens. */
export async function listApiKeys({ ctx }: { ctx: Context }): Promise<ApiKeyView[]> {
  authorise(ctx, 'people.read')
  const now = ctx.clock.now()
  const keys = await ctx.db.apiKey.findMany({
    select: apiKeyFields,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return keys.map((key) => apiKeyView(key, now))
}
