import type { BatchingModel, BatchingPoint } from '../../contract.ts'

/** A latency of the table at a rate of requests of one replica, by straight lines between its points; null from saturation on. */
export function latencyAt(
  { points, saturatedRequestsPerSecond }: BatchingModel,
  requestsPerSecond: number,
  latency: keyof BatchingPoint = 'endToEndP99Ms',
): number | null {
  if (requestsPerSecond >= saturatedRequestsPerSecond) return null
  const above = points.findIndex((point) => point.requestsPerSecond >= requestsPerSecond)
  const right = points[above]
  if (right === undefined) return points.at(-1)?.[latency] ?? null
  const left = points[above - 1]
  if (left === undefined) return right[latency]
  const share =
    (requestsPerSecond - left.requestsPerSecond) / (right.requestsPerSecond - left.requestsPerSecond)
  return left[latency] + share * (right[latency] - left[latency])
}
