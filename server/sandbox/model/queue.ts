import { z } from 'zod'

/** How a workload's requests or jobs wait and are served. */
export const queueSpec = z.object({
  /** Units per second of one ready replica with nothing left over. */
  throughputPerReplica: z.number().positive(),
  /** Requests that one replica serves at a time; null where only the waiting work counts (batch and training). */
  slotsPerReplica: z.number().int().positive().nullable(),
  /** p99 of response time without waiting, in milliseconds. */
  serviceP99Ms: z.number().nonnegative(),
  /** Who waits longer gives up and counts as an error; null: nobody does. */
  timeoutSeconds: z.number().positive().nullable(),
  /** Units of work in one request or job. */
  workPerItem: z.number().positive(),
})
export type QueueSpec = z.infer<typeof queueSpec>

/** Amounts of work within one interval, in units of demand × seconds. */
export type QueueStep = {
  arrived: number
  served: number
  abandoned: number
  backlogBefore: number
  backlog: number
}

/** One interval of a fluid queue, first come first served: arrived + before = served + abandoned + after. */
export function serve(
  spec: QueueSpec,
  backlog: number,
  demand: number,
  replicas: number,
  seconds: number,
): QueueStep {
  const arrived = demand * seconds
  const work = backlog + arrived
  const rate = replicas * spec.throughputPerReplica
  const served = Math.min(work, rate * seconds)
  const waiting = work - served
  const patience = spec.timeoutSeconds === null ? waiting : Math.max(rate, demand) * spec.timeoutSeconds
  const abandoned = Math.max(0, waiting - patience)
  const left = waiting - abandoned
  return {
    arrived,
    served,
    abandoned,
    backlogBefore: backlog,
    backlog: left < 1e-9 * Math.max(1, work) ? 0 : left,
  }
}
