import type { QueueSpec } from '../contract.ts'
import type { QueueStep } from './queue.ts'

/** Longest wait that is ever stated, in seconds; stands for "not served at all". */
const noService = 1_000_000

/**
 * The wait that chance adds, in seconds, as mean and 99th percentile: Sakasegawa's approximation of Erlang's C with
 * the mean conditional wait of Allen and Cunneen, bounded by what reflected Brownian motion builds up in the interval.
 */
function chanceWait(spec: QueueSpec, demand: number, replicas: number, seconds: number) {
  if (spec.slotsPerReplica === null || demand <= 0 || replicas === 0) return { mean: 0, p99: 0 }
  const rate = replicas * spec.throughputPerReplica
  const servers = replicas * spec.slotsPerReplica
  const load = demand / rate
  const spread = Math.sqrt(2 * demand * seconds) / rate
  const built = { mean: spread * Math.sqrt(2 / Math.PI), p99: spread * 2.5758293035489004 }
  if (load >= 1) return built
  const waits = load ** (Math.sqrt(2 * (servers + 1)) - 1)
  const decay = rate * (1 - load)
  return {
    mean: Math.min(built.mean, waits / decay),
    p99: Math.min(built.p99, Math.max(0, Math.log(waits / 0.01) / decay)),
  }
}

/** p99 of response time within an interval, in milliseconds: service, the wait for what is queued, the wait of chance. */
export function latencyP99Ms(spec: QueueSpec, step: QueueStep, replicas: number, seconds: number): number {
  const demand = step.arrived / seconds
  const ceiling = spec.timeoutSeconds ?? noService
  if (replicas === 0) return spec.serviceP99Ms + (demand > 0 || step.backlog > 0 ? ceiling * 1000 : 0)
  const rate = replicas * spec.throughputPerReplica
  const fluid = Math.max(step.backlogBefore, step.backlog) / rate
  return spec.serviceP99Ms + Math.min(ceiling, fluid + chanceWait(spec, demand, replicas, seconds).p99) * 1000
}

/** Requests or jobs that wait: what is queued, and by Little's law what chance makes wait. */
export function queueDepth(spec: QueueSpec, step: QueueStep, replicas: number, seconds: number): number {
  const demand = step.arrived / seconds
  return (step.backlog + demand * chanceWait(spec, demand, replicas, seconds).mean) / spec.workPerItem
}
