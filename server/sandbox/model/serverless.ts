import type { QueueSpec } from '../contract.ts'
import { inFlight, settle } from './capacity.ts'
import type { Interval, Reading, ServiceSpec, ServiceState } from './service.ts'
import { advanceService } from './service.ts'

/** What a serverless place does beyond its warm instances. */
export type Serverless = {
  /** Latency that a request gets when an instance has to start for it. */
  coldStartSeconds: number
  /** How long an instance that started by itself stays. */
  keepAliveSeconds: number
  pricePerMillionRequestsUsd: number
}

/** A serverless pool as it is simulated: warm instances are kept ready, others start when a request comes. */
export type ServerlessPlace = { spec: ServiceSpec; serverless: Serverless; maxInstances: number }

/** Share of requests above which a cold start is what the 99th percentile sees. */
const seenAtP99 = 0.01

/** Instances that serve a demand without a queue. */
function instancesFor(demand: number, queue: QueueSpec): number {
  return Math.ceil(demand / queue.throughputPerReplica - 1e-9)
}

/**
 * One interval of a serverless pool. Warm instances cost by the hour whether they serve or not; every request costs its
 * price; what needs more instances than are warm or alive waits for a cold start.
 */
export function advanceServerless(
  { spec, serverless, maxInstances }: ServerlessPlace,
  state: ServiceState,
  demand: number,
  interval: Interval,
): { state: ServiceState; reading: Reading } {
  const { at } = interval
  const capacity = settle(state.capacity, at)
  const kept = state.alive && state.alive.until > at ? state.alive.count : 0
  const warm = Math.max(capacity.ready, kept)
  const needed = Math.min(maxInstances, instancesFor(demand, spec.queue))
  const cold = Math.max(0, needed - warm)
  const serving = { ...capacity, ready: Math.max(warm, needed), orders: [] }
  const next = advanceService(spec, { ...state, capacity: serving }, demand, interval)
  const beyond = needed > capacity.ready ? needed : 0
  const alive =
    beyond > 0 && beyond >= kept
      ? { count: beyond, until: at + serverless.keepAliveSeconds * 1000 }
      : (state.alive ?? null)
  const coldShare = needed === 0 ? 0 : cold / needed
  const paidPerHour = (demand * 3_600 * serverless.pricePerMillionRequestsUsd) / 1_000_000
  const wait = coldShare >= seenAtP99 ? serverless.coldStartSeconds * 1_000 : 0
  return {
    state: { capacity, backlog: next.state.backlog, ...(alive ? { alive } : {}) },
    reading: {
      ...next.reading,
      readyReplicas: capacity.ready,
      inFlightReplicas: inFlight(capacity),
      latencyP99Ms: next.reading.latencyP99Ms + wait,
      costPerHourUsd: (capacity.ready + inFlight(capacity)) * spec.pricePerReplicaHourUsd + paidPerHour,
    },
  }
}
