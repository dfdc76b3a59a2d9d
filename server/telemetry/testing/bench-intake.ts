import { createDb, type Db } from '../../kernel/db.ts'
import { testContext, testStart } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import type { IncomingSeries } from '../contract.ts'
import { receiveRemoteWrite, write } from '../index.ts'
import { numberArray } from '../store/array-literal.ts'
import { encodeRemoteWrite, remoteWriteHeaders } from './encode.ts'
import { createTestMappings, createTestWorkload } from './set-up.ts'

/** Measures the intake beside a plain insert of the same rows: `npm run bench:intake`. */

const minute = 60_000
const days = 14
const signals = ['requests_per_second', 'latency_p99_ms', 'gpu_utilization_ratio'] as const

let nextPlainId = 1_000_000

type Batch = IncomingSeries[]
const samplesIn = (batches: Batch[]) => batches.flat().reduce((sum, series) => sum + series.samples.length, 0)

/** Two weeks of one sample a minute of 16 series, in requests of some 16 000 samples. */
async function history(db: Db, workloads: number): Promise<Batch[]> {
  const names: { metric: string; workload: string }[] = []
  for (let index = 0; index < workloads; index++) {
    const { workload } = await createTestWorkload(db)
    for (const metric of signals) names.push({ metric, workload: workload.name })
  }
  const start = testStart.getTime() - days * 86_400_000
  const chosen = names.slice(0, 16)
  const minutesPerBatch = 1_008
  return Array.from({ length: (days * 1_440) / minutesPerBatch }, (_, batch) =>
    chosen.map(({ metric, workload }, series) => ({
      metric,
      labels: { workload },
      samples: Array.from({ length: minutesPerBatch }, (_, index) => {
        const step = batch * minutesPerBatch + index
        return { at: start + step * minute, value: 100 + 50 * Math.sin((step + series) / 229) }
      }),
    })),
  )
}

/** A scrape every 15 s: 1 000 instances in 10 workloads, one counter each. */
async function scrapes(db: Db, rounds: number): Promise<Batch[]> {
  const workloads = await Promise.all(Array.from({ length: 10 }, () => createTestWorkload(db)))
  const start = testStart.getTime() - rounds * 15_000
  return Array.from({ length: rounds }, (_, round) =>
    workloads.flatMap(({ workload }) =>
      Array.from({ length: 100 }, (_, pod) => ({
        metric: 'requests_total',
        labels: { workload: workload.name, pod: `pod-${pod}` },
        samples: [{ at: start + round * 15_000, value: round * (100 + pod) }],
      })),
    ),
  )
}

async function plainInsert(db: Db, batches: Batch[]): Promise<void> {
  const idOf = new Map<string, number>()
  const firstId = nextPlainId
  nextPlainId += 1_000_000
  for (const batch of batches) {
    const rows = batch.flatMap((series) => {
      const key = JSON.stringify([series.metric, series.labels])
      const id = idOf.get(key) ?? firstId + idOf.size
      idOf.set(key, id)
      return series.samples.map((sample) => ({ ...sample, id }))
    })
    await db.$transaction(
      (tx) => tx.$executeRaw`
      INSERT INTO "Sample" ("seriesId", "at", "value")
      SELECT id, to_timestamp(ms / 1000.0), value
      FROM unnest(
        ${numberArray(rows.map((row) => row.id))}::int[],
        ${numberArray(rows.map((row) => row.at))}::float8[],
        ${numberArray(rows.map((row) => row.value))}::float8[]
      ) AS row(id, ms, value)`,
    )
  }
}

async function time(name: string, batches: Batch[], work: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1_000
  const samples = samplesIn(batches)
  const perRequest = (seconds * 1_000) / batches.length
  const cells = [name, samples, seconds.toFixed(2), Math.round(samples / seconds), perRequest.toFixed(0)]
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

await withThrowawayDatabase(async (appUrl) => {
  const db = createDb(appUrl)
  const ctx = testContext({ db })
  const overHttp = (body: Buffer<ArrayBuffer>) =>
    receiveRemoteWrite(
      ctx,
      new Request('http://localhost/', { method: 'POST', headers: remoteWriteHeaders, body }),
    )
  try {
    await createTestMappings(db)
    const [warm, direct, wire] = [await history(db, 1), await history(db, 6), await history(db, 6)]
    const live = await scrapes(db, 40)
    for (const series of warm) await write({ ctx, input: { series, source: 'import' } })
    process.stdout.write('| what | samples | seconds | samples/s | ms per request |\n|---|---|---|---|---|\n')
    await time('history: plain insert', direct, () => plainInsert(db, direct))
    await time('history: intake verb', direct, async () => {
      for (const series of direct) await write({ ctx, input: { series, source: 'import' } })
    })
    const bodies = wire.map(encodeRemoteWrite)
    await time('history: remote write, decoding included', wire, async () => {
      for (const body of bodies) await overHttp(body)
    })
    await time('scrapes: plain insert', live, () => plainInsert(db, live))
    await time('scrapes: intake verb', live, async () => {
      for (const series of live) await write({ ctx, input: { series, source: 'remote_write' } })
    })
  } finally {
    await db.$disconnect()
  }
})
