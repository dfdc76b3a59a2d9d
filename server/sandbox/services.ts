import { findOffering, type Scene, type SceneWorkload } from './contract.ts'
import type { LeadTime } from './model/capacity.ts'
import { phaseForRise } from './model/demand/diurnal.ts'
import type { DemandSource } from './model/demand/index.ts'
import { pastReplicas } from './model/past-capacity.ts'
import { seedOf } from './model/random.ts'
import type { ServiceSpec } from './model/service.ts'
import { type Measure, measuresOf } from './signals.ts'

/** A workload of the scene at its place, ready to be simulated. */
export type Service = {
  name: string
  target: string
  entry: SceneWorkload
  spec: ServiceSpec
  lead: LeadTime
  quotaReplicas: number
  seed: number
  source: DemandSource
  measures: [Measure, ...Measure[]]
  domain: string
}

/** Offset of each workload's own clock, chosen at the first start and kept. */
export function choosePhases(scene: Scene, startedAt: number): Record<string, number> {
  const phases: Record<string, number> = {}
  for (const { workload, demand, openingRiseSeconds, pool } of scene.workloads) {
    if (demand.kind !== 'diurnal' || openingRiseSeconds === null || pool.initialReplicas === null) continue
    const level = pool.initialReplicas * pool.capacityPerReplica
    phases[workload.name] = phaseForRise(demand, startedAt, level, openingRiseSeconds * 1000)
  }
  return phases
}

export function servicesOf(scene: Scene, phases: Record<string, number>): Service[] {
  return scene.workloads.map((entry) => {
    const place = findOffering(scene.domains, entry.pool)
    if (!place) throw new Error(`${entry.workload.name} has no offering.`)
    const { domain, offering } = place
    const seed = seedOf(scene.seed, entry.workload.name)
    return {
      name: entry.workload.name,
      target: entry.pool.target.target,
      entry,
      spec: {
        queue: entry.queue,
        pricePerReplicaHourUsd: offering.pricePerReplicaHourUsd,
        tokensPerRequest: entry.tokensPerRequest,
      },
      lead: { p50Seconds: offering.leadTimeP50Seconds, p90Seconds: offering.leadTimeP90Seconds },
      quotaReplicas: offering.quotaReplicas,
      seed,
      source: { spec: entry.demand, seed, phaseMs: phases[entry.workload.name] ?? 0 },
      measures: measuresOf(entry),
      domain: domain.name,
    }
  })
}

/** Replicas that somebody had scaled a service to by `atMs`, before there was a first start. */
export function replicasBefore(service: Service, atMs: number): number {
  const { pastScaling, pool, demand } = service.entry
  if (demand.kind === 'idle') return pool.initialReplicas ?? pastScaling.minReplicas
  return pastReplicas(pastScaling, service.source, pool.capacityPerReplica, service.quotaReplicas, atMs)
}

/** Replicas at the very first start. */
export function replicasAtStart(service: Service, startedAt: number): number {
  return service.entry.pool.initialReplicas ?? replicasBefore(service, startedAt)
}
