import type { PastScaling } from '../contract.ts'
import { type DemandSource, expectedDemandAt } from './demand/index.ts'

/** Replicas that somebody had asked for by `atMs`, from what was expected when they last looked. */
export function pastReplicas(
  scaling: PastScaling,
  demand: DemandSource,
  capacityPerReplica: number,
  maxReplicas: number,
  atMs: number,
): number {
  const everyMs = scaling.everySeconds * 1000
  const lookedAt = Math.floor(atMs / everyMs) * everyMs
  const wanted = Math.ceil(
    expectedDemandAt(demand, lookedAt) / (capacityPerReplica * scaling.utilization) - 1e-9,
  )
  return Math.min(maxReplicas, Math.max(scaling.minReplicas, wanted))
}
