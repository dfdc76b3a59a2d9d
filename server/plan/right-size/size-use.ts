import type { CapacitySnapshot } from '../contract.ts'
import { quantile } from '../models/calibration/goodness.ts'
import type { PoolStep } from '../models/calibration/observations.ts'

/** Busy enough to tell from it what a full replica uses. */
const leastLoad = 0.5

export type SizedStep = PoolStep & { atMs: number }

/** What replicas use of what they request, per step at which they were loaded enough to tell. */
export type SizeUse = {
  fromMs: number
  toMs: number
  /** Larger of both shares, by step. */
  shares: number[]
  busiest: number
  memory: number
}

/**
 * Use of the present size in the busiest hundredth of steps: utilisation as it would be at all that a replica is declared to
 * serve, so that idle replicas make none look small, and memory as measured. Null where a step with both was never measured.
 */
export function sizeUse(
  steps: readonly SizedStep[],
  { capacityPerReplica }: CapacitySnapshot,
): SizeUse | null {
  const loaded = steps.flatMap(({ atMs, demand, readyReplicas, utilisation, memoryShare }) => {
    if (demand === null || !readyReplicas || utilisation === null || memoryShare === null) return []
    const load = demand / (readyReplicas * capacityPerReplica)
    if (load < leastLoad) return []
    return [{ atMs, busy: utilisation / Math.min(1, load), memory: memoryShare }]
  })
  const [first] = loaded
  const last = loaded.at(-1)
  if (first === undefined || last === undefined) return null
  return {
    fromMs: first.atMs,
    toMs: last.atMs,
    shares: loaded.map(({ busy, memory }) => Math.max(busy, memory)),
    busiest: quantile(
      loaded.map(({ busy }) => busy),
      0.99,
    ),
    memory: quantile(
      loaded.map(({ memory }) => memory),
      0.99,
    ),
  }
}
