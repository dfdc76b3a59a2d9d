import { steadyCapacity } from './model/capacity.ts'
import { demandAt } from './model/demand/index.ts'
import type { Reading } from './model/service.ts'
import { advanceWorkload, type States } from './model/workload.ts'
import { replicasBefore, type Service } from './services.ts'
import type { Play } from './world-state.ts'

/** Demand of a service: the trace that is played, if there is one for the moment, otherwise its own. */
export function demandOf(service: Service, play: Play | undefined, atMs: number): number | null {
  if (play) {
    const value = play.values[Math.floor((atMs - play.startedAt) / play.stepMs)]
    if (value !== undefined) return value
  }
  return demandAt(service.source, atMs)
}

/** The seed of everything about a service that is no demand. */
export function readingSeed(service: Service): number {
  return service.seed ^ 0x5bd1e995
}

/**
 * The time before the first start, interval by interval, with somebody scaling by hand. Gives every reading to
 * `onReading` and returns the work that was left waiting at each target at the end.
 */
export function simulatePast(
  service: Service,
  span: { from: number; until: number; sampleSeconds: number },
  onReading: (reading: Reading) => void,
): Record<string, number> {
  const { from, until, sampleSeconds } = span
  let backlogs: Record<string, number> = {}
  for (let at = from; at <= until; at += sampleSeconds * 1000) {
    const demand = demandAt(service.source, at)
    if (demand === null) return {}
    const before: States = {}
    for (const [target, replicas] of Object.entries(replicasBefore(service, at)))
      before[target] = { capacity: steadyCapacity(replicas), backlog: backlogs[target] ?? 0 }
    const interval = { at, seconds: sampleSeconds, seed: readingSeed(service) }
    const next = advanceWorkload(service.places, before, demand, null, interval)
    backlogs = {}
    for (const [target, { backlog }] of Object.entries(next.states)) backlogs[target] = backlog
    onReading(next.reading)
  }
  return backlogs
}
