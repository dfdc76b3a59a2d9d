import type { QueueSpec } from '../contract.ts'
import { type Capacity, inFlight, settle } from './capacity.ts'
import { latencyP99Ms, queueDepth } from './latency.ts'
import { serve } from './queue.ts'
import { smoothNoiseAt } from './random.ts'

/** What does not change of a workload at its place. */
export type ServiceSpec = {
  queue: QueueSpec
  pricePerReplicaHourUsd: number
  /** Tokens in and out of one request; null for what has no tokens. */
  tokensPerRequest: number | null
  /** Share of what a replica requests that it makes use of when busy all the time; absent: nearly all. */
  usedShare?: number
}

/** `alive`: of a serverless pool, instances that started by themselves, and until when they stay. */
export type ServiceState = {
  capacity: Capacity
  backlog: number
  alive?: { count: number; until: number }
}

/** An interval that starts at `at`; `seed` is of everything that is no demand. */
export type Interval = { at: number; seconds: number; seed: number }

/** What would be measured of a workload in one interval that starts at `at`. Amounts of work are in units × seconds. */
export type Reading = {
  at: number
  demand: number
  readyReplicas: number
  inFlightReplicas: number
  backlog: number
  queueDepth: number
  latencyP99Ms: number
  gpuUtilizationRatio: number
  memoryUtilizationRatio: number
  errorRatio: number
  tokensPerSecond: number
  costPerHourUsd: number
  /** Jobs per second that ended well and that failed; distinct ones among those submitted, as a share. */
  completedPerSecond: number
  failedPerSecond: number
  distinctSignatureRatio: number
}

/** Share of GPU time that a replica is busy without any request. */
const idleUse = 0.04
const fullUse = 0.95
/** Share of memory that stays in use, and what load adds to it. */
const memoryUse = { idle: 0.78, load: 0.06 }

/** Advances a workload by one interval. Pure: the same arguments, the same reading and state. */
export function advanceService(
  spec: ServiceSpec,
  state: ServiceState,
  demand: number,
  interval: Interval,
): { state: ServiceState; reading: Reading } {
  const { at, seconds, seed } = interval
  const capacity = settle(state.capacity, at)
  const replicas = capacity.ready
  const step = serve(spec.queue, state.backlog, demand, replicas, seconds)
  const load = replicas === 0 ? 0 : step.served / (replicas * spec.queue.throughputPerReplica * seconds)
  const { usedShare: used = 1 } = spec
  const noise = smoothNoiseAt(seed, at)
  const paid = replicas + inFlight(capacity)
  const errorRatio = step.arrived > 0 ? Math.min(1, baseErrors(seed, at) + step.abandoned / step.arrived) : 0
  const servedPerSecond = step.served / seconds / spec.queue.workPerItem
  const reading: Reading = {
    at,
    demand,
    readyReplicas: replicas,
    inFlightReplicas: inFlight(capacity),
    backlog: step.backlog,
    queueDepth: queueDepth(spec.queue, step, replicas, seconds),
    latencyP99Ms: latencyP99Ms(spec.queue, step, replicas, seconds) * (1 + 0.015 * noise),
    gpuUtilizationRatio: shareOf(used * (idleUse + (fullUse - idleUse) * load * (1 + 0.01 * noise))),
    memoryUtilizationRatio: shareOf(used * (memoryUse.idle + memoryUse.load * load)),
    errorRatio,
    tokensPerSecond: demand * (spec.tokensPerRequest ?? 0) * (1 + 0.03 * smoothNoiseAt(seed + 1, at)),
    costPerHourUsd: paid * spec.pricePerReplicaHourUsd,
    completedPerSecond: servedPerSecond * (1 - baseErrors(seed, at)),
    failedPerSecond: (demand * errorRatio) / spec.queue.workPerItem,
    distinctSignatureRatio: Math.min(1, 0.97 + 0.01 * smoothNoiseAt(seed + 3, at)),
  }
  return { state: { capacity, backlog: step.backlog }, reading }
}

const shareOf = (use: number): number => Math.min(1, Math.max(0, use))

function baseErrors(seed: number, at: number): number {
  return Math.max(0, 0.0006 + 0.0003 * smoothNoiseAt(seed + 2, at))
}
