import type { Tx } from '../../kernel/db.ts'
import type { CapacitySnapshot } from '../contract.ts'
import { userLatencyOf } from './stored-json.ts'

/** The pool of a workload as last observed, with its place and price; null without a pool or before the first observation. */
export async function capacityOf(tx: Tx, workloadId: string): Promise<CapacitySnapshot | null> {
  const pool = await tx.pool.findUnique({
    where: { workloadId },
    include: { offering: { include: { domain: true } }, target: { include: { connection: true } } },
  })
  if (pool === null) return null
  const { desiredReplicas, readyReplicas, observedVersion, observedAt, offering, target } = pool
  if (desiredReplicas === null || readyReplicas === null || observedVersion === null || observedAt === null)
    return null
  const { domain } = offering
  return {
    poolId: pool.id,
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
      leadTimeP50Seconds: offering.leadTimeP50Seconds,
      leadTimeP90Seconds: offering.leadTimeP90Seconds,
      quotaReplicas: offering.quotaReplicas,
    },
    capacityPerReplica: pool.capacityPerReplica,
    desiredReplicas,
    readyReplicas,
    observedVersion,
    observedAt: observedAt.toISOString(),
  }
}
