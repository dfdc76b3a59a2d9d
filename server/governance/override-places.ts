import { z } from 'zod'
import { authorise, type Verb } from '../kernel/context.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { parseInput } from '../kernel/parse.ts'
import type { OverridePlace } from './contract.ts'
import { poolsElsewhere } from './counter-plan.ts'
import { proposedOf } from './override.ts'
import { worldNow } from './world.ts'

const byId = z.object({ id: z.uuid() })

/** Where else the workload could be given capacity instead: its other pools that serve, as they stand. @throws NotFoundError */
export async function overridePlaces({ ctx, input }: Verb<{ id: string }>): Promise<OverridePlace[]> {
  authorise(ctx, 'proposal.read')
  const { id } = parseInput(byId, input, 'request')
  const proposal = await ctx.db.proposal.findUnique({ where: { id } })
  if (!proposal) throw new NotFoundError('proposal', id)
  const proposed = await proposedOf(ctx.db, proposal)
  try {
    const world = await worldNow(ctx.db, ctx, proposal.workloadId, proposed)
    return poolsElsewhere(world, proposed).map((pool) => ({
      targetId: pool.targetId,
      targetName: pool.targetName,
      domain: pool.domain.title,
      region: pool.domain.region,
      hardwareClass: pool.offering.hardwareClass,
      market: pool.offering.market,
      pricePerReplicaHourUsd: pool.offering.pricePerReplicaHourUsd,
      leadTimeP90Seconds: pool.offering.leadTimeP90Seconds,
      quotaReplicas: pool.offering.quotaReplicas,
      capacityPerReplica: pool.capacityPerReplica,
      desiredReplicas: pool.desiredReplicas,
    }))
  } catch (error) {
    // Without a pool, a policy or a forecast there is nowhere to go.
    if (error instanceof ConflictError) return []
    throw error
  }
}
