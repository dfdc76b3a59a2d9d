import type { QueueSpec } from '../contract.ts'

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
