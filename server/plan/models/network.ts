export type NetworkLatency = {
  /** Over users whose region has a stated latency. */
  meanMs: number
  /** Within which 99 % of those users are. */
  p99Ms: number
  /** Share of the users that these speak for. */
  knownShare: number
}

/**
 * Latency between a workload's users and a place, in milliseconds there and back; null where nothing is known of
 * either. A user region without a stated latency is left out and lowers `knownShare`.
 */
export function networkLatency(
  userLatencyMs: Readonly<Record<string, number>> | undefined,
  userShares: Readonly<Record<string, number>>,
): NetworkLatency | null {
  const known = Object.entries(userShares)
    .flatMap(([region, share]) => {
      const ms = userLatencyMs?.[region]
      return ms === undefined || share <= 0 ? [] : [{ ms, share }]
    })
    .sort((a, b) => a.ms - b.ms)
  const knownShare = known.reduce((sum, { share }) => sum + share, 0)
  if (knownShare <= 0) return null
  let below = 0
  const p99 = known.find(({ share }) => {
    below += share
    return below >= 0.99 * knownShare - 1e-12
  })
  return {
    meanMs: known.reduce((sum, { ms, share }) => sum + ms * share, 0) / knownShare,
    p99Ms: p99?.ms ?? 0,
    knownShare,
  }
}
