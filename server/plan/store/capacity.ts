import { Prisma, type Tx } from '../../kernel/db.ts'
import type { Domain, Offering, Pool } from '../../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading } from '../../kernel/reading.ts'
import { type CapacitySnapshot, capacityModel, serves } from '../contract.ts'
import { governed } from '../governed.ts'
import { leadsAt, leadTime } from './learned.ts'
import { userLatencyOf } from './stored-json.ts'

/** `leading`: the pool that the headline, the risk and the chart are about; null while it was never observed. */
export type Pools = { leading: CapacitySnapshot | null; others: CapacitySnapshot[] }

type PoolRow = {
  pool: AsJson<Pool>
  offering: AsJson<Offering>
  domain: AsJson<Domain>
  target: { id: string; name: string }
  adapter: CapacitySnapshot['adapter']
  model: unknown
}
type Read = { pools: PoolRow[] | null; leads: Record<string, number[] | null> | null }

/** Pools with their places, prices and learned leads. `which`: a condition on the pool `p`. */
function poolsWhere<T>(which: Prisma.Sql, of: (pools: SeenPool[]) => T): Reading<T> {
  const query = Prisma.sql`
    WITH pools AS MATERIALIZED (SELECT p.* FROM "Pool" p WHERE ${which})
    SELECT json_build_object(
      'pools', (
        SELECT json_agg(json_build_object(
          'pool', to_json(p), 'offering', to_json(o), 'domain', to_json(d),
          'target', json_build_object('id', t."id", 'name', t."name"), 'adapter', c."adapter", 'model', m."model"))
        FROM pools p
        JOIN "Offering" o ON o."id" = p."offeringId" JOIN "Domain" d ON d."id" = o."domainId"
        JOIN "Target" t ON t."id" = p."targetId" JOIN "Connection" c ON c."id" = t."connectionId"
        LEFT JOIN "PoolModel" m ON m."poolId" = p."id"),
      'leads', (
        SELECT json_object_agg(o."id", (${leadsAt(Prisma.sql`o."id"`)}))
        FROM (SELECT DISTINCT "offeringId" AS "id" FROM pools) AS o))`
  return reading(query, ({ pools, leads }: Read) => of(inOrder(pools ?? [], leads ?? {})))
}

type SeenPool = { workloadId: string; snapshot: CapacitySnapshot | null }

function inOrder(rows: PoolRow[], leads: Record<string, number[] | null>): SeenPool[] {
  const first = leadingFirst(
    rows.map((row) => ({ ...row.pool, createdAt: new Date(row.pool.createdAt), row })),
  )
  const snapshots = governed(first.map(({ row }) => snapshotOf(row, leads[row.offering.id] ?? [])))
  return first.map(({ workloadId }, i) => ({ workloadId, snapshot: snapshots[i] ?? null }))
}

const observed = (pools: SeenPool[]) => pools.flatMap(({ snapshot }) => snapshot ?? [])

/**
 * The pools of workloads as last observed, by workload, with their places and prices; those that were never observed are left out.
 * Of the pools that serve demand, the one of the lowest priority leads, and among equals the oldest; where none serves,
 * the first of all.
 */
export function poolsByWorkload(workloadIds: readonly string[]): Reading<Map<string, Pools>> {
  return poolsWhere(Prisma.sql`p."workloadId" = ANY(${[...workloadIds]}::uuid[])`, (pools) => {
    const byWorkload = Map.groupBy(pools, ({ workloadId }) => workloadId)
    return new Map(
      [...byWorkload].map(([id, [first, ...rest]]) => [
        id,
        { leading: first?.snapshot ?? null, others: observed(rest) },
      ]),
    )
  })
}

/** The same of one workload, as it is now. */
export async function poolsOf(tx: Tx, workloadId: string): Promise<Pools> {
  return (await read(tx, poolsByWorkload([workloadId]))).get(workloadId) ?? { leading: null, others: [] }
}

/** The pools of several workloads, as last observed. */
export function poolsOfWorkloads(workloadIds: readonly string[]): Reading<CapacitySnapshot[]> {
  return poolsWhere(Prisma.sql`p."workloadId" = ANY(${[...workloadIds]}::uuid[])`, observed)
}

/** Pools by what holds them, whosever they are, as last observed. */
export async function poolsAt(tx: Tx, targetIds: readonly string[]): Promise<CapacitySnapshot[]> {
  return read(tx, poolsWhere(Prisma.sql`p."targetId" = ANY(${[...targetIds]}::uuid[])`, observed))
}

/**
 * Pools of other workloads that have not ended where these ones have pools, as last observed: what else takes of their quotas. Whole
 * workloads are read, because what a pool takes of a quota depends on the nodes that it runs on.
 */
export function poolsBeside(workloadIds: readonly string[]): Reading<CapacitySnapshot[]> {
  return poolsWhere(Prisma.sql`p."workloadId" IN (${matesOf(workloadIds)})`, observed)
}

/** A query of the ids of other workloads that have not ended where these ones have pools. */
export function matesOf(workloadIds: readonly string[]): Prisma.Sql {
  const ids = Prisma.sql`${[...workloadIds]}::uuid[]`
  // As an array they are looked up once, and not beside every pool that there is.
  const places = Prisma.sql`
    SELECT own."offeringId" FROM "Pool" own WHERE own."workloadId" = ANY(${ids}) AND own."desiredReplicas" IS NOT NULL
      AND own."readyReplicas" IS NOT NULL AND own."observedVersion" IS NOT NULL AND own."observedAt" IS NOT NULL`
  return Prisma.sql`
    SELECT mate."workloadId" FROM "Pool" mate JOIN "Workload" w ON w."id" = mate."workloadId"
    WHERE mate."offeringId" = ANY(ARRAY(${places})) AND mate."workloadId" <> ALL(${ids}) AND mate."control" <> 'size'
      AND w."endedAt" IS NULL`
}

/** The pools of one workload in their order, the leading one first. */
export function leadingFirst<P extends Pick<Pool, 'id' | 'control' | 'priority' | 'createdAt'>>(
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

const instantOf = (stored: string) => new Date(stored).toISOString()

function snapshotOf(
  { pool, offering, domain, target, adapter, model }: PoolRow,
  leads: readonly number[],
): CapacitySnapshot | null {
  const { desiredReplicas, readyReplicas, observedVersion, observedAt } = pool
  if (desiredReplicas === null || readyReplicas === null || observedVersion === null || observedAt === null)
    return null
  const { id: offeringId, leadTimeP50Seconds: p50Seconds, leadTimeP90Seconds: p90Seconds } = offering
  const lead = leadTime(leads, { p50Seconds, p90Seconds })
  return {
    poolId: pool.id,
    workloadId: pool.workloadId,
    control: pool.control,
    ...(pool.governsPoolId === null ? {} : { governsPoolId: pool.governsPoolId }),
    ...(pool.replicasPerNode === null ? {} : { replicasPerNode: pool.replicasPerNode }),
    ...(pool.levelSince === null ? {} : { levelSince: instantOf(pool.levelSince) }),
    targetId: target.id,
    targetName: target.name,
    adapter,
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
      id: offeringId,
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
      leadTimeP50Seconds: lead?.p50Seconds ?? p50Seconds,
      leadTimeP90Seconds: lead?.p90Seconds ?? p90Seconds,
      quotaReplicas: offering.quotaReplicas,
      ...(lead ? { lead } : {}),
    },
    capacityPerReplica: pool.capacityPerReplica,
    ...(model === null ? {} : { model: capacityModel.parse(model) }),
    desiredReplicas,
    readyReplicas,
    observedVersion,
    observedAt: instantOf(observedAt),
  }
}
