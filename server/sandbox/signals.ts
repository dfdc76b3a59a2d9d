import type { SignalName } from '../telemetry/contract.ts'
import type { SceneWorkload } from './contract.ts'
import type { Reading } from './model/service.ts'

/** Everything that the sandbox can measure, under the name of the signal. Demand has another name in each workload. */
const measures: Partial<Record<SignalName, (reading: Reading) => number>> = {
  tokens_per_second: (reading) => reading.tokensPerSecond,
  queue_depth: (reading) => reading.queueDepth,
  latency_p99_ms: (reading) => reading.latencyP99Ms,
  gpu_utilization_ratio: (reading) => reading.gpuUtilizationRatio,
  memory_utilization_ratio: (reading) => reading.memoryUtilizationRatio,
  error_ratio: (reading) => reading.errorRatio,
  ready_replicas: (reading) => reading.readyReplicas,
  cost_per_hour_usd: (reading) => reading.costPerHourUsd,
  jobs_completed_per_second: (reading) => reading.completedPerSecond,
  jobs_failed_per_second: (reading) => reading.failedPerSecond,
  distinct_signature_ratio: (reading) => reading.distinctSignatureRatio,
}

/** A signal of a workload and how it is read. */
export type Measure = { signal: SignalName; read: (reading: Reading) => number }

/**
 * The signals of a workload, its demand first.
 * @throws for a signal that the sandbox cannot measure.
 */
export function measuresOf(entry: SceneWorkload): [Measure, ...Measure[]] {
  const others = entry.signals.map((signal) => {
    const read = measures[signal]
    if (!read)
      throw new Error(`The sandbox does not measure ${signal}; it measures ${measurable.join(', ')}.`)
    return { signal, read }
  })
  return [{ signal: entry.workload.demandSignal, read: (reading) => reading.demand }, ...others]
}

export const measurable = Object.keys(measures)
