import { z } from 'zod'
import { type DemandSource, expectedDemandAt } from './demand/index.ts'

/** How somebody scaled by hand before InfraSage came: looks every so often, and keeps to a utilisation. */
export const pastScaling = z.object({
  everySeconds: z.number().positive(),
  utilization: z.number().positive().max(1.5),
  minReplicas: z.number().int().nonnegative(),
})
export type PastScaling = z.infer<typeof pastScaling>

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
