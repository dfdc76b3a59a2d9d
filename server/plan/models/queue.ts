import type { CapacityModel, QueueModel } from '../contract.ts'
import { LatencyModel, type LatencyTerms, settledP99Ms } from '../dynamics/latency.ts'
import { latencyAt } from './batching/read.ts'

type Shape = Omit<QueueModel, 'kind' | 'fit'>

/** What the house's one latency formula needs; the objective plays no part in a p99. */
function termsOf({
  capacityPerReplica,
  serviceSeconds,
  variability,
}: Shape): Omit<LatencyTerms, 'stepSeconds'> {
  return {
    capacityPerReplica,
    serviceTimeSeconds: serviceSeconds,
    arrivalScv: variability,
    serviceScv: variability,
    sloP99Seconds: Number.POSITIVE_INFINITY,
  }
}

/** p99 of response time of a settled queue, in milliseconds: what a request takes alone, and the wait; null where none settles. */
export function queueP99Ms(model: Shape, demand: number, ready: number): number | null {
  const terms = termsOf(model)
  const p99 = settledP99Ms(terms, demand, ready)
  const alone = settledP99Ms(terms, 0, ready)
  return p99 === null || alone === null ? null : model.unloadedP99Ms + p99 - alone
}

/** The same within steps of finite length, where a queue can be passed on: for telemetry that was measured step by step. */
export function steppedQueue(model: Shape, stepSeconds: number): LatencyModel {
  return new LatencyModel({ ...termsOf(model), stepSeconds })
}

/** p99 of response time under a model of either kind, in milliseconds; null where the pool cannot keep up. */
export function modelP99Ms(model: CapacityModel, demand: number, ready: number): number | null {
  if (model.kind === 'queue') return queueP99Ms(model, demand, ready)
  if (ready <= 0) return demand > 0 ? null : (model.points[0]?.endToEndP99Ms ?? null)
  return latencyAt(model, demand / ready)
}

/** Highest demand that `ready` replicas take such that p99 stays within the objective (milliseconds); 0 where none does. */
export function demandWithin(model: CapacityModel, ready: number, objectiveP99Ms: number): number {
  const keeps = (demand: number) => {
    const p99 = modelP99Ms(model, demand, ready)
    return p99 !== null && p99 <= objectiveP99Ms * (1 + 1e-12)
  }
  if (ready <= 0 || !keeps(0)) return 0
  const perReplica = model.kind === 'queue' ? model.capacityPerReplica : model.saturatedRequestsPerSecond
  let low = 0
  let high = ready * perReplica
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (keeps(middle)) low = middle
    else high = middle
  }
  return low
}
