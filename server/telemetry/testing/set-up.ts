import { randomUUID } from 'node:crypto'
import type { Db } from '../../kernel/db.ts'
import { rememberingQueue, testContext, testStart } from '../../runtime/testing/index.ts'
import type { IncomingSeries, SignalName, WorkloadInput } from '../contract.ts'
import { createMapping, createWorkload, readSignal, write } from '../index.ts'

/** Where the samples of these tests begin: an hour before the clock's now. */
export const firstStep = testStart.getTime() - 3_600_000

export type Offsets = [offsetSeconds: number, value: number][]

/** Gauges named like their signals, and a counter of requests, both with the label `workload`. */
export async function createTestMappings(db: Db): Promise<void> {
  const signals = ['requests_per_second', 'latency_p99_ms', 'gpu_utilization_ratio'] as const
  const mapping = { matchLabels: {}, workloadLabel: 'workload', workloadName: null, scale: 1 }
  const ctx = testContext({ db })
  for (const signal of signals) {
    await createMapping({ ctx, input: { ...mapping, priority: 10, metric: signal, signal, kind: 'gauge' } })
  }
  const counter = { metric: 'requests_total', signal: 'requests_per_second', kind: 'counter' } as const
  await createMapping({ ctx, input: { ...mapping, ...counter, priority: 10 } })
}

/** A workload of the test's own, with steps of one minute, and what a test needs to write to it and read it back. */
export async function createTestWorkload(db: Db, change: Partial<WorkloadInput> = {}) {
  const queue = rememberingQueue()
  const ctx = testContext({ db, queue })
  const workload = await createWorkload({
    ctx,
    input: {
      name: `w-${randomUUID()}`,
      title: 'Chat',
      kind: 'inference',
      environment: 'test',
      team: 'test',
      dataClassification: 'internal',
      requiredSecurityTier: 1,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 500,
      sandbox: false,
      ...change,
    },
  })
  const series = (metric: string, samples: Offsets, labels: Record<string, string> = {}): IncomingSeries => ({
    metric,
    labels: { workload: workload.name, ...labels },
    samples: samples.map(([offset, value]) => ({ at: firstStep + offset * 1_000, value })),
  })
  return {
    ctx,
    queue,
    workload,
    series,
    send: (...all: IncomingSeries[]) => write({ ctx, input: { series: all, source: 'remote_write' } }),
    /** The signal's steps from the first one on. */
    values: async (signal: SignalName, steps: number) => {
      const to = firstStep + steps * workload.stepSeconds * 1_000
      const window = { from: new Date(firstStep).toISOString(), to: new Date(to).toISOString() }
      const input = { workloadId: workload.id, signal, maxPoints: 5_000, ...window }
      const { points } = await readSignal({ ctx, input })
      return points.map((point) => point.value)
    },
  }
}
