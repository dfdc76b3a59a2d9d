import type { CapacitySnapshot, PlanInput } from '../contract.ts'

/** Prices and power mixes are by the hour: what may not wait for one reaches no better one. */
const leastWaitSeconds = 3_600

type Deferrable = {
  workload: Pick<PlanInput['workload'], 'kind' | 'objectiveP99Ms'>
  /** The demand signal. */
  signal: string
  capacity: Pick<CapacitySnapshot, 'domain' | 'offering' | 'control'>
}

/**
 * How long work may wait for a better hour, in seconds: its objective, which for batch and training is a wait in a queue. Null where
 * the work or its signal is of another kind, an hour is the most, or no hour is better than another. Only jobs and requests
 * are counted in the unit of the queue.
 */
export function allowedWaitSeconds({ workload, signal, capacity }: Deferrable): number | null {
  const { kind = 'inference', objectiveP99Ms } = workload
  const { domain, offering, control = 'replicas' } = capacity
  const waits = kind !== 'inference' && (signal === 'jobs_per_second' || signal === 'requests_per_second')
  const changes = [offering.priceProfileUsd, domain.carbonProfileGPerKwh].some(
    (profile = []) => new Set(profile).size > 1,
  )
  const seconds = objectiveP99Ms / 1_000
  return waits && changes && control === 'replicas' && seconds >= leastWaitSeconds ? seconds : null
}
