import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import { readSeries } from '../../telemetry/index.ts'
import type { PoolStep } from '../models/calibration/observations.ts'

/** `repeatShares`: where it is measured, the share of requests that repeat others; in order, not step by step. */
export type PoolTelemetry = { steps: (PoolStep & { atMs: number })[]; repeatShares: number[] }

const beside = [
  'ready_replicas',
  'latency_p99_ms',
  'gpu_utilization_ratio',
  'cpu_utilization_ratio',
  'tokens_per_second',
  'memory_utilization_ratio',
  'repeat_ratio',
] as const satisfies SignalName[]

/** The signals of a workload that its capacity and latency can be told from, step by step of its demand, gaps as nulls. */
export async function readPoolSteps(
  tx: Tx,
  { id: workloadId, demandSignal }: { id: string; demandSignal: SignalName },
  from: Date,
  until: Date,
): Promise<PoolTelemetry> {
  const signals = [...new Set<SignalName>([demandSignal, ...beside])]
  const series = await readSeries(tx, { workloadId, signals, after: from, until })
  const of = (signal: SignalName) => {
    const one = series.get(signal)
    return (atMs: number) => one?.values[(atMs - one.firstAt.getTime()) / one.stepMs] ?? null
  }
  const [ready, latency] = [of('ready_replicas'), of('latency_p99_ms')]
  const utilisation = of(
    series.has('gpu_utilization_ratio') ? 'gpu_utilization_ratio' : 'cpu_utilization_ratio',
  )
  const [tokens, memory] = [of('tokens_per_second'), of('memory_utilization_ratio')]
  const { firstAt, stepMs, values } = series.get(demandSignal) ?? { firstAt: from, stepMs: 0, values: [] }
  return {
    steps: values.map((demand, i) => {
      const atMs = firstAt.getTime() + i * stepMs
      return {
        atMs,
        demand,
        readyReplicas: ready(atMs),
        latencyP99Ms: latency(atMs),
        utilisation: utilisation(atMs),
        tokensPerSecond: tokens(atMs),
        memoryShare: memory(atMs),
      }
    }),
    repeatShares: (series.get('repeat_ratio')?.values ?? []).flatMap((value) => value ?? []),
  }
}
