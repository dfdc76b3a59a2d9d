import type { Prisma, Tx } from '../../kernel/db.ts'
import { type CapacitySnapshot, capacityModel, type LearnedTime, serves } from '../contract.ts'
import { governed } from '../governed.ts'
import { learnedLeads } from './learned.ts'
import { userLatencyOf } from './stored-json.ts'

const include = {
  offering: { include: { domain: true } },
  target: { include: { connection: true } },
  model: { select: { model: true } },
} satisfies Prisma.PoolInclude
type PoolRow = Prisma.PoolGetPayload<{ include: typeof include }>

/** `leading`: the pool that the headline, the risk and the chart are about; null while it was never observed. */
export type Pools = { leading: CapacitySnapshot | null; others: CapacitySnapshot[] }

/**
 * The pools of a workload as last observed, with their places and prices; those that were never observed are left out.
 * Of the pools that serve demand, the one of the lowest priority leads, and among equals the oldest; where none serves,
 * the first of all.
 */
export async function poolsOf(tx: Tx, workloadId: string): Promise<Pools> {
  const rows = leadingFirst(await tx.pool.findMany({ where: { workloadId }, include }))
  const [first, ...rest] = await snapshotsOf(tx, rows)
  return { leading: first ?? null, others: rest.filter((pool) => pool !== null) }
}

/** The pools of several workloads, as last observed. */
export async function poolsOfWorkloads(tx: Tx, workloadIds: readonly string[]): Promise<CapacitySnapshot[]> {
  const rows = await tx.pool.findMany({ where: { workloadId: { in: [...workloadIds] } }, include })
  return (await snapshotsOf(tx, rows)).filter((pool) => pool !== null)
}

/** Pools by what holds them, whosever they are, as last observed. */
export async function poolsAt(tx: Tx, targetIds: readonly string[]): Promise<CapacitySnapshot[]> {
  const rows = await tx.pool.findMany({ where: { targetId: { in: [...targetIds] } }, include })
  return (await snapshotsOf(tx, rows)).filter((pool) => pool !== null)
}

/** Pools of other workloads that have not ended at some offerings, as last observed: what else takes of their quotas. */
export async function poolsBeside(
  tx: Tx,
  { workloadIds, offeringIds }: { workloadIds: readonly string[]; offeringIds: readonly string[] },
): Promise<CapacitySnapshot[]> {
  const mates = await tx.pool.findMany({
    where: {
      offeringId: { in: [...offeringIds] },
      workloadId: { notIn: [...workloadIds] },
      control: { not: 'size' },
      workload: { endedAt: null },
    },
    distinct: ['workloadId'],
    select: { workloadId: true },
  })
  if (mates.length === 0) return []
  // Whole workloads: what a pool takes of a quota depends on the nodes that it runs on.
  const pools = await poolsOfWorkloads(
    tx,
    mates.map(({ workloadId }) => workloadId),
  )
  return pools.filter(({ offering }) => offeringIds.includes(offering.id))
}

/** The pools of one workload in their order, the leading one first. */
export function leadingFirst<P extends Pick<PoolRow, 'id' | 'control' | 'priority' | 'createdAt'>>(
  pools: P[],
): P[] {
  return pools.toSorted(
    (a, b) =>
      Number(serves(b)) - Number(serves(a)) ||
      a.priority - b.priority ||
      a.createdAt.getTime() - b.createdAt.getTime() ||
      (a.id < b.id ? -1 : 1),
  )
}

async function snapshotsOf(tx: Tx, rows: PoolRow[]): Promise<(CapacitySnapshot | null)[]> {
  const declared = new Map(
    rows.map(({ offering }) => [
      offering.id,
      { p50Seconds: offering.leadTimeP50Seconds, p90Seconds: offering.leadTimeP90Seconds },
    ]),
  )
  const leads = await learnedLeads(tx, declared)
  return governed(rows.map((row) => snapshotOf(row, leads.get(row.offeringId))))
}

function snapshotOf(pool: PoolRow, lead: LearnedTime | undefined): CapacitySnapshot | null {
  const { desiredReplicas, readyReplicas, observedVersion, observedAt, offering, target } = pool
  if (desiredReplicas === null || readyReplicas === null || observedVersion === null || observedAt === null)
    return null
  const { domain } = offering
  return {
    poolId: pool.id,
    workloadId: pool.workloadId,
    control: pool.control,
    ...(pool.governsPoolId === null ? {} : { governsPoolId: pool.governsPoolId }),
    ...(pool.replicasPerNode === null ? {} : { replicasPerNode: pool.replicasPerNode }),
    ...(pool.levelSince === null ? {} : { levelSince: pool.levelSince.toISOString() }),
    targetId: target.id,
    targetName: target.name,
    adapter: target.connection.adapter,
    domain: {
      id: domain.id,
      name: domain.name,
      title: domain.title,
      kind: domain.kind,
      region: domain.region,
      jurisdiction: domain.jurisdiction,
      securityTier: domain.securityTier,
      carbonGPerKwh: domain.carbonGPerKwh,
      carbonProfileGPerKwh: domain.carbonProfileGPerKwh,
      userLatencyMs: userLatencyOf(domain.userLatencyMs),
    },
    offering: {
      id: offering.id,
      hardwareClass: offering.hardwareClass,
      market: offering.market,
      pricePerReplicaHourUsd: offering.pricePerReplicaHourUsd,
      priceProfileUsd: offering.priceProfileUsd,
      kind: offering.kind,
      interruptionRatePerHour: offering.interruptionRatePerHour,
      pricePerMillionRequestsUsd: offering.pricePerMillionRequestsUsd,
      coldStartSeconds: offering.coldStartSeconds,
      concurrencyPerInstance: offering.concurrencyPerInstance,
      powerKw: offering.powerKw,
      leadTimeP50Seconds: lead?.p50Seconds ?? offering.leadTimeP50Seconds,
      leadTimeP90Seconds: lead?.p90Seconds ?? offering.leadTimeP90Seconds,
      quotaReplicas: offering.quotaReplicas,
      ...(lead ? { lead } : {}),
    },
    capacityPerReplica: pool.capacityPerReplica,
    ...(pool.model ? { model: capacityModel.parse(pool.model.model) } : {}),
    desiredReplicas,
    readyReplicas,
    observedVersion,
    observedAt: observedAt.toISOString(),
  }
}
