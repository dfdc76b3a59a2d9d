export type SpotTerms = {
  pricePerReplicaHourUsd: number
  /** Of one replica, as a Poisson rate. */
  interruptionRatePerHour: number
  /** Work lost at an interruption, on average. */
  reworkSeconds: number
  /** Order to ready of the replica that takes its place, on average. */
  leadTimeSeconds: number
}

export type SpotCost = {
  /** What an hour of work that counts costs; `Infinity` where rework eats all of it. */
  pricePerUsefulHourUsd: number
  /** Of that, what interruptions add to the list price. */
  interruptionCostPerHourUsd: number
  /** Share of time that a wanted replica is not there. */
  shortShare: number
}

/**
 * Expected cost of capacity that can be taken away (a renewal cycle of uptime 1/λ and lead ℓ, of which the uptime less the
 * rework r counts and uptime and lead are paid): price · (1 + λℓ) / (1 − λr). Exact for means when r is under the uptime.
 */
export function spotCost(terms: SpotTerms): SpotCost {
  const { pricePerReplicaHourUsd: price, interruptionRatePerHour: rate } = terms
  const waited = (rate * terms.leadTimeSeconds) / 3_600
  const counts = 1 - (rate * terms.reworkSeconds) / 3_600
  const useful = counts > 0 ? (price * (1 + waited)) / counts : Number.POSITIVE_INFINITY
  return {
    pricePerUsefulHourUsd: useful,
    interruptionCostPerHourUsd: useful - price,
    shortShare: waited / (1 + waited),
  }
}

/** Work that one interruption costs where nobody said: half of what such work usually takes or keeps between checkpoints. */
const usualReworkSeconds = { inference: 0, batch: 300, training: 900 } as const

/** Declared rework, or what is usual for the kind of work (of a service, none); `assumed` says which. */
export function reworkOf({
  kind = 'inference',
  reworkSeconds = null,
}: {
  kind?: keyof typeof usualReworkSeconds
  reworkSeconds?: number | null
}): { seconds: number; assumed: boolean } {
  if (reworkSeconds !== null) return { seconds: reworkSeconds, assumed: false }
  return { seconds: usualReworkSeconds[kind], assumed: true }
}
