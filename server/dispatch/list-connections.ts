import { authorise, type Context } from '../kernel/context.ts'
import type { ConnectionView } from './contract.ts'

/** Every connection by name, those without a target too. No credentials. */
export async function listConnections({ ctx }: { ctx: Context }): Promise<ConnectionView[]> {
  authorise(ctx, 'target.read')
  const rows = await ctx.db.connection.findMany({
    orderBy: { name: 'asc' },
    omit: { encryptedConfig: true },
    include: { _count: { select: { targets: true } } },
  })
  return rows.map(({ id, name, adapter, createdAt, lastCheckedAt, lastError, _count }) => ({
    id,
    name,
    adapter,
    targets: _count.targets,
    createdAt: createdAt.toISOString(),
    lastCheckedAt: lastCheckedAt?.toISOString() ?? null,
    lastError,
  }))
}
