import { authorise, type Context } from '../kernel/context.ts'
import { poolInput } from '../plan/contract.ts'
import { leadingFirst } from '../plan/index.ts'
import { adapters } from './adapters/index.ts'
import { ownership as ownershipShape, type TargetView } from './contract.ts'

/** Every target by name, without those of workloads that are over, with its connection and the pool it holds as last observed. No credentials. */
export async function listTargets({ ctx }: { ctx: Context }): Promise<TargetView[]> {
  authorise(ctx, 'target.read')
  const rows = await ctx.db.target.findMany({
    where: { OR: [{ pool: null }, { pool: { workload: { endedAt: null } } }] },
    orderBy: { name: 'asc' },
    include: {
      connection: { omit: { encryptedConfig: true } },
      pool: { include: { workload: true, offering: { include: { domain: true } } } },
    },
  })
  const pools = Map.groupBy(
    rows.flatMap(({ pool }) => pool ?? []),
    ({ workloadId }) => workloadId,
  )
  const leading = new Set([...pools.values()].map((ofOne) => leadingFirst(ofOne)[0]?.id))
  return rows.map(({ id, name, ref, ownership, connection, pool }) => ({
    id,
    name,
    adapter: connection.adapter,
    connection: {
      id: connection.id,
      name: connection.name,
      lastCheckedAt: connection.lastCheckedAt?.toISOString() ?? null,
      lastError: connection.lastError,
    },
    ref: adapters[connection.adapter].parseRef(ref),
    ownership: ownership === null ? null : ownershipShape.parse(ownership),
    pool: pool && {
      id: pool.id,
      workload: { id: pool.workload.id, name: pool.workload.name, title: pool.workload.title },
      domain: {
        name: pool.offering.domain.name,
        title: pool.offering.domain.title,
        region: pool.offering.domain.region,
      },
      offering: {
        hardwareClass: pool.offering.hardwareClass,
        market: pool.offering.market,
        pricePerReplicaHourUsd: pool.offering.pricePerReplicaHourUsd,
      },
      control: pool.control,
      priority: pool.priority,
      leading: leading.has(pool.id),
      capacityPerReplica: pool.capacityPerReplica,
      serving: poolInput.shape.serving.parse(pool.serving),
      governsPoolId: pool.governsPoolId,
      replicasPerNode: pool.replicasPerNode,
      desiredReplicas: pool.desiredReplicas,
      readyReplicas: pool.readyReplicas,
      costPerHourUsd:
        pool.readyReplicas === null || pool.control === 'size'
          ? null
          : Math.max(pool.readyReplicas, pool.desiredReplicas ?? 0) * pool.offering.pricePerReplicaHourUsd,
      observedVersion: pool.observedVersion,
      observedAt: pool.observedAt?.toISOString() ?? null,
    },
  }))
}
