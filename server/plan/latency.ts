/** Waiting is estimated for this share of requests. */
const tail = 0.01

export type LatencyInput = {
  /** Demand in units per second. */
  demand: number
  replicas: number
  /** Units per second of one replica at 100 %. */
  capacityPerReplica: number
  meanServiceSeconds: number
  /** Mean of the squared coefficients of variation of arrivals and service; 1 for Poisson and exponential. */
  variability?: number
}

/**
 * p99 of waiting plus mean service time, in milliseconds; null where demand reaches capacity and no queue settles.
 * Sakasegawa's approximation of Erlang C for the probability to wait, and the Allen–Cunneen mean of the conditional
 * wait as its exponential tail (Sakasegawa 1977; Allen 1990, eq. 5.15).
 */
export function latencyP99Ms(input: LatencyInput): number | null {
  const { demand, replicas, capacityPerReplica, meanServiceSeconds, variability = 1 } = input
  const slots = Math.max(1, Math.round(capacityPerReplica * meanServiceSeconds))
  const serviceSeconds = slots / capacityPerReplica
  if (demand <= 0) return serviceSeconds * 1_000
  const servers = replicas * slots
  const utilisation = demand / (replicas * capacityPerReplica)
  if (!(utilisation < 1)) return null
  const waits = utilisation ** (Math.sqrt(2 * (servers + 1)) - 1)
  const decay = (servers * (1 - utilisation)) / (serviceSeconds * variability)
  return (serviceSeconds + Math.max(0, Math.log(waits / tail) / decay)) * 1_000
}
