import type { BatchingModel, BatchingPoint, BatchingServing, ModelFit } from '../../contract.ts'
import { pointAt, saturatedRate } from './points.ts'
import { simulateReplica } from './replica.ts'
import { drawRequests, type TokenRequest } from './requests.ts'

/** Shares of the saturated rate at which the table is made: close where the queue grows. */
const shares = [0.02, 0.2, 0.4, 0.55, 0.7, 0.8, 0.87, 0.92, 0.96, 0.99]
const fewestRequests = 2_000
const mostRequests = 20_000
/** Halvings of the interval in which the sustainable rate lies: within 1/128 of a step of the table. */
const halvings = 7

export type BatchingObjective = { endToEndP99Ms: number; firstTokenP99Ms?: number | undefined }

/**
 * Latencies of a replica over its rate of requests, from one simulation per point with the same requests at each (common
 * random numbers), and the highest rate that keeps every objective. p99 of some 2,000 requests: a standard error of
 * about 5 % of the spread of the tail. Deterministic in the seed.
 */
export function batchingModel(
  serving: BatchingServing,
  objective: BatchingObjective,
  seed: number,
  fit: ModelFit = declaredFit,
): BatchingModel {
  const together = serving.kvCacheTokens / (serving.promptTokens.mean + serving.outputTokens.mean)
  const wanted = 8 * Math.min(serving.maxBatch, Math.ceil(together))
  const count = Math.min(mostRequests, Math.max(fewestRequests, wanted))
  const requests = drawRequests(serving, count, seed)
  const saturatedRequestsPerSecond = saturatedRate(serving, requests)
  const at = (rate: number) => pointAt(serving, requests, rate)
  const points = neverFalling(shares.map((share) => at(share * saturatedRequestsPerSecond)))
  const keeps = (point: BatchingPoint) =>
    point.endToEndP99Ms <= objective.endToEndP99Ms &&
    point.firstTokenP99Ms <= (objective.firstTokenP99Ms ?? Number.POSITIVE_INFINITY)
  const firstBroken = points.findIndex((point) => !keeps(point))
  const last = (firstBroken === -1 ? points.at(-1) : points[firstBroken - 1]) ?? null
  const sustained = last === null ? null : refine(last, points[firstBroken] ?? null, at, keeps)
  return {
    kind: 'batching',
    sustainableRequestsPerSecond: sustained?.requestsPerSecond ?? 0,
    saturatedRequestsPerSecond,
    boundBy: boundBy(serving, requests, sustained?.requestsPerSecond ?? saturatedRequestsPerSecond),
    pace: 1,
    points,
    fit,
  }
}

const declaredFit: ModelFit = {
  source: 'declared',
  verdict: 'too few to tell',
  observations: 0,
  explainedShare: null,
  medianRelativeError: null,
  words: 'As declared; no telemetry was held against it yet.',
}

function refine(
  low: BatchingPoint,
  high: BatchingPoint | null,
  at: (rate: number) => BatchingPoint,
  keeps: (point: BatchingPoint) => boolean,
): BatchingPoint {
  let best = low
  if (high === null) return best
  let broken = high.requestsPerSecond
  for (let i = 0; i < halvings; i++) {
    const middle = at((best.requestsPerSecond + broken) / 2)
    if (keeps(middle)) best = middle
    else broken = middle.requestsPerSecond
  }
  return best
}

/** What makes requests wait a little beyond the sustainable rate. */
function boundBy(
  serving: BatchingServing,
  requests: readonly TokenRequest[],
  rate: number,
): BatchingModel['boundBy'] {
  const { batchFullShare, cacheFullShare } = simulateReplica(serving, requests, rate * 1.02)
  if (Math.max(batchFullShare, cacheFullShare) < 0.01) return 'compute'
  return batchFullShare > cacheFullShare ? 'batch' : 'memory'
}

/** The same requests closer together are not served sooner; where a draw says so, it is noise. */
function neverFalling(points: BatchingPoint[]): BatchingPoint[] {
  const keys = [
    'firstTokenP50Ms',
    'firstTokenP99Ms',
    'perTokenP50Ms',
    'perTokenP99Ms',
    'endToEndP50Ms',
    'endToEndP99Ms',
  ] as const
  const raised: BatchingPoint[] = []
  for (const point of points) {
    const before = raised.at(-1)
    const next = { ...point }
    for (const key of keys) next[key] = Math.max(point[key], before?.[key] ?? 0)
    raised.push(next)
  }
  return raised
}
