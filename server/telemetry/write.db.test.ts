import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../kernel/context.ts'
import {
  createTestDatabase,
  rememberingQueue,
  type TestDatabase,
  testContext,
  testStart,
} from '../runtime/testing/index.ts'
import type { IncomingSeries, SignalName } from './contract.ts'
import { createMapping, createWorkload, readSignal, write } from './index.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await Promise.all(
    [
      ['requests_per_second', 'gauge'],
      ['http_requests_total', 'counter'],
      ['latency_p99_ms', 'gauge'],
      ['gpu_utilization_ratio', 'gauge'],
    ].map(([metric, kind], index) =>
      createMapping({
        ctx: testContext({ db: database.db }),
        input: {
          priority: index,
          metric: metric ?? '',
          matchLabels: {},
          workloadLabel: 'workload',
          workloadName: null,
          signal: (metric === 'http_requests_total' ? 'requests_per_second' : metric) as SignalName,
          kind: kind === 'counter' ? 'counter' : 'gauge',
          scale: 1,
        },
      }),
    ),
  )
})
afterAll(() => database.dispose())

const minute = 60_000
const start = testStart.getTime() - 60 * minute
let made = 0

/** A workload of the test's own with steps of one minute, and what the test needs to write to it. */
async function setUp() {
  const queue = rememberingQueue()
  const ctx = testContext({ db: database.db, queue })
  const workload = await createWorkload({
    ctx,
    input: {
      name: `w-${made++}`,
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
    },
  })
  const series = (
    metric: string,
    samples: [offsetSeconds: number, value: number][],
    labels: Record<string, string> = {},
  ): IncomingSeries => ({
    metric,
    labels: { workload: workload.name, ...labels },
    samples: samples.map(([offset, value]) => ({ at: start + offset * 1_000, value })),
  })
  const send = (...all: IncomingSeries[]) => write({ ctx, input: { series: all, source: 'remote_write' } })
  return {
    ctx,
    queue,
    workload,
    series,
    send,
    values: (signal: SignalName, minutes: number) => values(ctx, workload.id, signal, minutes),
  }
}

async function values(ctx: Context, workloadId: string, signal: SignalName, minutes: number) {
  const { points } = await readSignal({
    ctx,
    input: {
      workloadId,
      signal,
      from: new Date(start).toISOString(),
      to: new Date(start + minutes * minute).toISOString(),
      maxPoints: 1_000,
    },
  })
  return points.map((point) => point.value)
}

describe('write', () => {
  it('rolls gauges up to the step and leaves gaps', async () => {
    const { send, series, values } = await setUp()
    const receipt = await send(
      series('requests_per_second', [
        [0, 10],
        [30, 20],
        [180, 5],
      ]),
    )
    expect(receipt).toMatchObject({ stored: 3, replaced: 0, duplicates: 0, late: 0, unmappedSeries: 0 })
    expect(await values('requests_per_second', 4)).toEqual([15, null, null, 5])
  })
})
