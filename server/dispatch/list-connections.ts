import { authorise, type Context } from '../kernel/context.ts'
import type { ConnectionGate } from '../kernel/generated/client.ts'
import type { ConnectionView, GateView } from './contract.ts'

/** Every connection by name, those without a target too. No credentials. */
export async function listConnections({ ctx }: { ctx: Context }): Promise<ConnectionView[]> {
  authorise(ctx, 'target.read')
  const rows = await ctx.db.connection.findMany({
    orderBy: { name: 'asc' },
    omit: { encryptedConfig: true },
    include: { gate: true, _count: { select: { targets: true } } },
  })
  return rows.map(({ id, name, adapter, createdAt, lastCheckedAt, lastError, gate, _count }) => ({
    id,
    name,
    adapter,
    targets: _count.targets,
    createdAt: createdAt.toISOString(),
    lastCheckedAt: lastCheckedAt?.toISOString() ?? null,
    lastError,
    gate: gateView(gate, ctx.clock.now()),
  }))
}

/** What a connection without a row has: the defaults of the table. */
const untouched = {
  requestsPerSecond: 50,
  burst: 100,
  failures: 0,
  openUntil: null,
  probing: false,
  lastFailure: null,
}

function gateView(row: ConnectionGate | null, now: Date): GateView {
  const { requestsPerSecond, burst, failures, openUntil, probing, lastFailure } = row ?? untouched
  const shut = openUntil !== null
  return {
    ...{ requestsPerSecond, burst, failures, lastFailure },
    circuit: !shut ? 'closed' : probing || openUntil <= now ? 'trying' : 'open',
    until: openUntil?.toISOString() ?? null,
  }
}
