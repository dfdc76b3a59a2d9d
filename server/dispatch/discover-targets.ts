import { isDeepStrictEqual } from 'node:util'
import { authorise, type Verb } from '../kernel/context.ts'
import { NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import { adapters } from './adapters/index.ts'
import { openConfig } from './connection-config.ts'
import { type DiscoverInput, type DiscoveryView, discoverInput } from './contract.ts'
import { suggestWorkload } from './suggest-workload.ts'

/**
 * What is behind a connection that could be a target, what of it is one already, and which workload each seems to hold. Changes
 * nothing, here or there.
 * @throws NotFoundError; ForbiddenError or UnavailableError if the other side cannot be asked
 */
export async function discoverTargets({ ctx, input }: Verb<DiscoverInput>): Promise<DiscoveryView> {
  authorise(ctx, 'target.manage')
  const { connectionId, namespace } = parseInput(discoverInput, input, 'look')
  const connection = await ctx.db.connection.findUnique({
    where: { id: connectionId },
    include: { targets: { select: { name: true, ref: true } } },
  })
  if (connection === null) throw new NotFoundError('connection', connectionId)
  const { found, ...rest } = await adapters[connection.adapter].discover(openConfig(connection), namespace)
  const workloads = await ctx.db.workload.findMany({
    where: { endedAt: null },
    select: { id: true, name: true, title: true },
    orderBy: { name: 'asc' },
  })
  return {
    ...rest,
    found: found.map((each) => ({
      ...each,
      suggestion: suggestWorkload(each, workloads),
      targetName: connection.targets.find(({ ref }) => isDeepStrictEqual(ref, each.ref))?.name ?? null,
    })),
  }
}
