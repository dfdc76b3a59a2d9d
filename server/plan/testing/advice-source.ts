import { seededRandom } from '../../kernel/rng.ts'
import type { AdviceSource, Option, PoolSource } from '../advice/source.ts'
import type { CapacitySnapshot, QueueModel } from '../contract.ts'
import { testCapacity } from './plan-input.ts'

export const fittedQueue: QueueModel = {
  kind: 'queue',
  capacityPerReplica: 12,
  serviceSeconds: 0.5,
  unloadedP99Ms: 800,
  variability: 1,
  fit: {
    source: 'telemetry',
    verdict: 'fits well',
    observations: 2_400,
    explainedShare: 0.9,
    medianRelativeError: 0.05,
    words: 'Fits well.',
  },
}

const { domain, offering } = testCapacity

/** An offering beside the pool's own, in the same place. */
export function option(changes: Partial<Option['offering']>): Option {
  return { domain, offering: { ...offering, id: '00000000-0000-4000-8000-000000000009', ...changes } }
}

export const serverless = option({
  kind: 'serverless',
  hardwareClass: 'L40S functions',
  pricePerMillionRequestsUsd: 100,
  coldStartSeconds: 8,
  concurrencyPerInstance: 4,
})

type Changes = Partial<Omit<AdviceSource, 'pool' | 'workload'>> & {
  pool?: Partial<CapacitySnapshot>
  workload?: Partial<AdviceSource['workload']>
  /** Units per second of a step, by its number. */
  demand?: (step: number) => number
  ready?: (step: number) => number
  days?: number
}

/** A service on six replicas at two dollars an hour, with ten days of telemetry in steps of five minutes. */
export function adviceSource({
  pool,
  workload,
  demand = () => 40,
  ready = () => 6,
  days = 10,
  ...rest
}: Changes = {}): PoolSource {
  const random = seededRandom(3)
  return {
    workload: {
      kind: 'inference',
      unit: 'req/s',
      stepSeconds: 300,
      objectiveP99Ms: 2_000,
      reworkSeconds: null,
      repeatShare: null,
      ...workload,
    },
    pool: { ...testCapacity, model: fittedQueue, ...pool },
    minReplicas: 1,
    penaltyRatio: 20,
    steps: Array.from({ length: days * 288 }, (_, i) => ({
      atMs: Date.UTC(2026, 1, 2) + i * 300_000,
      demand: demand(i) * (0.98 + 0.04 * random()),
      readyReplicas: ready(i),
      latencyP99Ms: 900,
      utilisation: Math.min(1, demand(i) / (ready(i) * 12)),
      tokensPerSecond: null,
      memoryShare: 0.6,
    })),
    measuredRepeatShare: null,
    options: [serverless],
    ...rest,
  }
}
