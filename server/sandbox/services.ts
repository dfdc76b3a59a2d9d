import { findOffering, poolsOf, type Scene, type ScenePool, type SceneWorkload } from './contract.ts'
import { phaseForEdge } from './model/demand/diurnal.ts'
import type { DemandSource } from './model/demand/index.ts'
import { pastReplicas } from './model/past-capacity.ts'
import { seedOf } from './model/random.ts'
import type { Place } from './model/workload.ts'
import { type Measure, measuresOf } from './signals.ts'

/** A workload of the scene at its places, ready to be simulated. */
export type Service = {
  name: string
  /** Of its first pool. */
  target: string
  entry: SceneWorkload
  places: [Place, ...Place[]]
  seed: number
  source: DemandSource
  measures: [Measure, ...Measure[]]
  domain: string
}

/** Offset of each workload's own clock, chosen at the first start and kept. */
export function choosePhases(scene: Scene, startedAt: number): Record<string, number> {
  const phases: Record<string, number> = {}
  for (const entry of scene.workloads) {
    const phase = phaseOf(entry, startedAt)
    if (phase !== null) phases[entry.workload.name] = phase
  }
  return phases
}

/** The offset that lets a workload's opening come when the scene asks for it; null where it asks for none. */
function phaseOf(entry: SceneWorkload, startedAt: number): number | null {
  const { demand, openingRiseSeconds, openingFallSeconds, openingLevel, pool } = entry
  const opening = openingFallSeconds ?? openingRiseSeconds
  if (opening === null) return null
  if (demand.kind === 'bursts') {
    const slotMs = demand.slotSeconds * 1000
    return (((demand.offsetSeconds - opening) * 1000 - startedAt) % slotMs) + slotMs
  }
  const level = openingLevel ?? (pool.initialReplicas ?? 0) * pool.capacityPerReplica
  if (demand.kind !== 'diurnal' || level === 0) return null
  const edge = openingFallSeconds === null ? 'rise' : 'fall'
  return phaseForEdge(demand, startedAt, { edge, level, afterMs: opening * 1000 })
}

export function servicesOf(scene: Scene, phases: Record<string, number>): Service[] {
  return scene.workloads.map((entry) => {
    const seed = seedOf(scene.seed, entry.workload.name)
    const [first, ...others] = poolsOf(entry).map((pool) => placeOf(scene, entry, pool, seed))
    if (!first) throw new Error(`${entry.workload.name} has no pool.`)
    return {
      name: entry.workload.name,
      target: first.target,
      entry,
      places: [first, ...others],
      seed,
      source: { spec: entry.demand, seed, phaseMs: phases[entry.workload.name] ?? 0 },
      measures: measuresOf(entry),
      domain: entry.pool.domain,
    }
  })
}

function placeOf(scene: Scene, entry: SceneWorkload, pool: ScenePool, seed: number): Place {
  const found = findOffering(scene.domains, pool)
  if (!found) throw new Error(`${entry.workload.name} has no offering.`)
  const { domain, offering } = found
  const throughputPerReplica = pool.throughputPerReplica ?? entry.queue.throughputPerReplica
  return {
    target: pool.target.target,
    control: pool.control,
    governs: pool.governs,
    perUnit: pool.perUnit,
    spec: {
      queue: { ...entry.queue, throughputPerReplica },
      pricePerReplicaHourUsd: offering.pricePerReplicaHourUsd,
      tokensPerRequest: entry.tokensPerRequest,
    },
    capacityPerReplica: pool.capacityPerReplica,
    serverless: serverlessOf(offering, pool),
    networkMs: networkOf(entry, domain),
    priceProfileUsd: offering.priceProfileUsd,
    lead: { p50Seconds: offering.leadTimeP50Seconds, p90Seconds: offering.leadTimeP90Seconds },
    quotaReplicas: offering.quotaReplicas,
    offering: `${domain.name}/${offering.hardwareClass}/${offering.market}`,
    interruptionRatePerHour: offering.interruptionRatePerHour,
    seed: pool === entry.pool ? seed : seedOf(seed, pool.target.target),
  }
}

function serverlessOf(offering: Scene['domains'][number]['offerings'][number], pool: ScenePool) {
  if (offering.kind !== 'serverless') return null
  return {
    coldStartSeconds: offering.coldStartSeconds ?? 0,
    keepAliveSeconds: pool.keepAliveSeconds,
    pricePerMillionRequestsUsd: offering.pricePerMillionRequestsUsd ?? 0,
  }
}

/** Milliseconds between the workload's users and a place, weighed by where they are. */
function networkOf({ workload }: SceneWorkload, { userLatencyMs }: Scene['domains'][number]): number {
  const shares = Object.entries(workload.userShares)
  return shares.reduce((sum, [region, share]) => sum + share * (userLatencyMs[region] ?? 0), 0)
}

/** Replicas that each target of a workload had been set to by `atMs`, before there was a first start. */
export function replicasBefore({ entry, places, source }: Service, atMs: number): Record<string, number> {
  const { pastScaling } = entry
  const counts: Record<string, number> = {}
  for (const [index, pool] of poolsOf(entry).entries()) {
    const place = places[index]
    if (!place) continue
    const idle = entry.demand.kind === 'idle' || index > 0
    counts[place.target] = idle
      ? (pool.initialReplicas ?? pastScaling.minReplicas)
      : pastReplicas(pastScaling, source, pool.capacityPerReplica, place.quotaReplicas, atMs)
  }
  return counts
}

/** Replicas at the very first start. */
export function replicasAtStart(service: Service, startedAt: number): Record<string, number> {
  const counts = replicasBefore(service, startedAt)
  for (const { target, initialReplicas } of poolsOf(service.entry)) {
    if (initialReplicas !== null) counts[target.target] = initialReplicas
  }
  return counts
}
