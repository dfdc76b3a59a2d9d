import type { BatchingPoint, BatchingServing } from '../../contract.ts'
import { type ReplicaRun, type Served, simulateReplica } from './replica.ts'
import type { TokenRequest } from './requests.ts'

/** Share of the requests at the start that are not counted: the replica starts empty. */
const warmUpShare = 0.1

/** One point of the table: what the requests saw at this rate. */
export function pointAt(
  serving: BatchingServing,
  requests: readonly TokenRequest[],
  requestsPerSecond: number,
): BatchingPoint {
  const run = simulateReplica(serving, requests, requestsPerSecond)
  const counted = run.served.slice(Math.floor(run.served.length * warmUpShare))
  const [firstTokenP50Ms, firstTokenP99Ms] = milliseconds(counted.map((it) => it.firstTokenSeconds))
  const [perTokenP50Ms, perTokenP99Ms] = milliseconds(counted.flatMap((it) => it.perTokenSeconds ?? []))
  const [endToEndP50Ms, endToEndP99Ms] = milliseconds(counted.map((it) => it.endToEndSeconds))
  return {
    requestsPerSecond,
    firstTokenP50Ms,
    firstTokenP99Ms,
    perTokenP50Ms,
    perTokenP99Ms,
    endToEndP50Ms,
    endToEndP99Ms,
    meanBatch: run.meanBatch,
    cacheShare: run.meanCacheTokens / serving.kvCacheTokens,
  }
}

/** Requests per second of a replica that never waits for requests, without its start and its end. */
export function saturatedRate(serving: BatchingServing, requests: readonly TokenRequest[]): number {
  return throughput(simulateReplica(serving, requests, Number.POSITIVE_INFINITY))
}

function throughput({ served }: ReplicaRun): number {
  const ends = served.map(({ finishedAt }: Served) => finishedAt).toSorted((a, b) => a - b)
  const from = Math.floor(ends.length * 0.25)
  const to = Math.floor(ends.length * 0.75)
  const seconds = (ends[to] ?? 0) - (ends[from] ?? 0)
  return seconds > 0 ? (to - from) / seconds : ends.length / (ends.at(-1) ?? 1)
}

/** Median and 99 % quantile (order statistics at ⌈qn⌉); zeros where there is nothing. */
function milliseconds(seconds: number[]): [number, number] {
  const sorted = seconds.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) * 1_000
  return [at(0.5), at(0.99)]
}
