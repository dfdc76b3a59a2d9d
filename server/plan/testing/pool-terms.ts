import type { LatencyTerms } from '../dynamics/latency.ts'
import type { PoolTerms } from '../dynamics/terms.ts'

/** One-minute steps, five minutes of lead, one unit per second per replica. */
export function poolTerms(changes: Partial<PoolTerms & LatencyTerms> = {}): PoolTerms & LatencyTerms {
  return {
    stepSeconds: 60,
    capacityPerReplica: 1,
    minReplicas: 1,
    maxReplicas: 200,
    pricePerReplicaHour: 1,
    leadTimeSeconds: 300,
    leadSeed: 1,
    approvalDelaySeconds: 0,
    removeDelaySeconds: 0,
    penaltyPerReplicaHourShort: 20,
    shortfallUtilisation: 1,
    startCost: 0,
    removeCost: 0,
    serviceTimeSeconds: 1,
    arrivalScv: 1,
    serviceScv: 1,
    sloP99Seconds: 2,
    ...changes,
  }
}
