import type { Tx } from '../../kernel/db.ts'
import type { SignalName } from '../../telemetry/contract.ts'
import { readSteps } from '../../telemetry/index.ts'
import type { PoolStep } from '../models/calibration/observations.ts'

export type PoolTelemetry = { from: Date; until: Date; at: Date[]; steps: PoolStep[] }

/** The signals of a workload that its capacity and latency can be told from, step by step, gaps as nulls. */
export async function readPoolSteps(
  tx: Tx,
  workload: { id: string; demandSignal: SignalName; stepSeconds: number },
  from: Date,
  until: Date,
): Promise<PoolTelemetry> {
  const read = async (signal: SignalName) => {
    const steps = await readSteps(tx, { workloadId: workload.id, signal, after: from, until })
    return new Map(steps.map(({ at, value }) => [at.getTime(), value]))
  }
  const demand = await read(workload.demandSignal)
  const ready = await read('ready_replicas')
  const latency = await read('latency_p99_ms')
  const gpu = await read('gpu_utilization_ratio')
  const cpu = gpu.size > 0 ? gpu : await read('cpu_utilization_ratio')
  const tokens = await read('tokens_per_second')
  const memory = await read('memory_utilization_ratio')
  const times = [...demand.keys()]
  return {
    from,
    until,
    at: times.map((time) => new Date(time)),
    steps: times.map((time) => ({
      demand: demand.get(time) ?? null,
      readyReplicas: ready.get(time) ?? null,
      latencyP99Ms: latency.get(time) ?? null,
      utilisation: cpu.get(time) ?? null,
      tokensPerSecond: tokens.get(time) ?? null,
      memoryShare: memory.get(time) ?? null,
    })),
  }
}
