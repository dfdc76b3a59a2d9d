import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServiceError } from '../kernel/errors.ts'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import {
  createMapping,
  createWorkload,
  deleteMapping,
  dropOldSamples,
  freshness,
  getWorkload,
  importCsv,
  listMappings,
  readSeries,
  readSignal,
  readSteps,
  updateWorkload,
  write,
} from './index.ts'
import { createTestMappings, createTestWorkload, firstStep } from './testing/set-up.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await createTestMappings(database.db)
})
afterAll(() => database.dispose())
const setUp = () => createTestWorkload(database.db)

const at = (minutes: number) => new Date(firstStep + minutes * 60_000)
const signal = 'requests_per_second'

describe('readSteps', () => {
  it('gives closed steps in order, gaps as null, and never the newest', async () => {
    const { ctx, workload, send, series } = await setUp()
    const read = (after: Date | null, until = testStart, limit?: number) =>
      readSteps(ctx.db, { workloadId: workload.id, signal, after, until, limit })
    expect(await read(null)).toEqual([])
    expect(await read(at(0))).toEqual([])
    await send(
      series(signal, [
        [0, 1],
        [60, 2],
        [240, 5],
        [300, 6],
      ]),
    )
    const all = [1, 2, null, null, 5].map((value, index) => ({ at: at(index), value }))
    expect(await read(null)).toEqual(all)
    expect(await read(at(1))).toEqual(all.slice(2))
    // Between two steps too: what is read stands on the steps that there are.
    expect(await read(new Date(at(1).getTime() + 17_000))).toEqual(all.slice(2))
    expect(await read(new Date(at(0).getTime() - 17_000))).toEqual(all)
    expect(await read(at(4))).toEqual([])
    expect(await read(null, new Date(at(2).getTime() + 59_000))).toEqual(all.slice(0, 2))
    expect(await read(null, testStart, 2)).toEqual(all.slice(0, 2))
  })
})

describe('readSeries', () => {
  it('gives every signal its own closed steps, and none to one that has none', async () => {
    const { ctx, workload, send, series } = await setUp()
    await send(
      series(signal, [
        [0, 1],
        [120, 3],
        [180, 4],
      ]),
      series('latency_p99_ms', [
        [60, 20],
        [120, 30],
      ]),
      series('gpu_utilization_ratio', [[60, 0.5]]),
    )
    const signals = [signal, 'latency_p99_ms', 'gpu_utilization_ratio', 'ready_replicas'] as const
    const read = (after: Date | null, limit?: number) =>
      readSeries(ctx.db, { workloadId: workload.id, signals: [...signals], after, until: testStart, limit })
    expect(await read(null)).toEqual(
      new Map<string, unknown>([
        [signal, { firstAt: at(0), stepMs: 60_000, values: [1, null, 3] }],
        ['latency_p99_ms', { firstAt: at(1), stepMs: 60_000, values: [20] }],
      ]),
    )
    expect((await read(at(0))).get(signal)).toEqual({ firstAt: at(1), stepMs: 60_000, values: [null, 3] })
    expect((await read(null, 2)).get(signal)?.values).toEqual([1, null])
  })
})

describe('readSignal', () => {
  it('makes longer windows coarser: the mean, of a latency the maximum', async () => {
    const { ctx, workload, send, series } = await setUp()
    const samples = Array.from({ length: 60 }, (_, index): [number, number] => [index * 60, index])
    await send(series(signal, samples), series('latency_p99_ms', samples))
    const window = {
      workloadId: workload.id,
      from: at(0).toISOString(),
      to: at(60).toISOString(),
      maxPoints: 11,
    }
    const demand = await readSignal({ ctx, input: { ...window, signal } })
    expect(demand).toMatchObject({ unit: 'req/s', stepSeconds: 360 })
    expect(demand.points.map((point) => point.value)).toEqual([
      2.5, 8.5, 14.5, 20.5, 26.5, 32.5, 38.5, 44.5, 50.5, 56.5,
    ])
    const latency = await readSignal({ ctx, input: { ...window, signal: 'latency_p99_ms' } })
    expect(latency.points[0]?.value).toBe(5)
  })

  it('never gives more points than asked, wherever the window begins', async () => {
    const { ctx, workload } = await setUp()
    const input = { workloadId: workload.id, signal, maxPoints: 10 } as const
    for (const offset of [0, 1, 30, 59]) {
      const from = new Date(firstStep + offset * 1_000)
      for (const minutes of [1, 9, 10, 17, 180]) {
        const to = new Date(from.getTime() + minutes * 60_000).toISOString()
        const { points } = await readSignal({ ctx, input: { ...input, from: from.toISOString(), to } })
        expect(points.length).toBeLessThanOrEqual(10)
        expect(points.every((point) => point.value === null)).toBe(true)
      }
    }
  })

  it('refuses an empty window', async () => {
    const { ctx, workload } = await setUp()
    const now = at(0).toISOString()
    const input = { workloadId: workload.id, signal, from: now, to: now, maxPoints: 10 } as const
    await expect(readSignal({ ctx, input })).rejects.toMatchObject({ code: 'invalid_input' })
  })
})

describe('freshness', () => {
  it('knows the newest sample of the demand, and when it is old', async () => {
    const { ctx, workload, send, series } = await setUp()
    const mine = async () => (await freshness({ ctx })).find((one) => one.workloadId === workload.id)
    expect(await mine()).toMatchObject({ lastSampleAt: null, stale: true })
    await send(
      series('latency_p99_ms', [[3_590, 1]]),
      series(signal, [
        [3_410, 1],
        [3_415, 1],
      ]),
    )
    expect(await mine()).toMatchObject({
      lastSampleAt: new Date(firstStep + 3_415_000).toISOString(),
      stale: true,
    })
    await send(series(signal, [[3_421, 1]]))
    expect(await mine()).toMatchObject({ stale: false, stepSeconds: 60 })
  })
})

describe('importCsv', () => {
  const iso = (minutes: number) => at(minutes).toISOString()

  it('back-fills, and changes nothing when it runs again', async () => {
    const { ctx, workload, queue, values } = await setUp()
    const csv = `timestamp,value\n${iso(0)},1\n${at(1).getTime() / 1_000},2\n${iso(2)},\n${iso(4)},5\n`
    const input = { workload: workload.name, signal, csv } as const
    expect(await importCsv({ ctx, input })).toEqual({
      ...{ rows: 4, gaps: 1, stored: 3, replaced: 0, duplicates: 0 },
      from: iso(0),
      to: iso(4),
    })
    expect(queue.sent).toHaveLength(1)
    expect(await importCsv({ ctx, input })).toMatchObject({ stored: 0, duplicates: 3 })
    const changed = { ...input, csv: csv.replace(',5', ',7') }
    expect(await importCsv({ ctx, input: changed })).toMatchObject({ replaced: 1, duplicates: 2 })
    expect(await values(signal, 5)).toEqual([1, 2, null, null, 7])
  })

  it('takes the series that is asked for, and history of any age', async () => {
    const { ctx, workload } = await setUp()
    const csv = 'series_id,timestamp,value\na,2019-01-01T00:00:00Z,1\nb,2019-01-01T00:00:00Z,9\n'
    const input = { workload: workload.name, signal, csv } as const
    await expect(importCsv({ ctx, input })).rejects.toThrow('several series: a, b. Say which by --series')
    expect(await importCsv({ ctx, input: { ...input, series: 'b' } })).toMatchObject({ stored: 1 })
    await expect(importCsv({ ctx, input: { ...input, series: 'c' } })).rejects.toThrow('it holds a, b')
  })

  it('stores nothing of a file with an error, and names every line', async () => {
    const { ctx, workload, values } = await setUp()
    const csv = `timestamp,value\n${iso(0)},1\nyesterday,2\n${iso(1)},x\n${iso(0)},3\n${iso(90)},1\n`
    const input = { workload: workload.name, signal, csv } as const
    const error: ServiceError = await importCsv({ ctx, input }).catch((thrown) => thrown)
    expect(error.message).toContain('4 faults, and nothing was imported')
    expect(error.details.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'line 3, timestamp: "yesterday" is no time',
      'line 4, value: "x" is no number',
      'line 5, timestamp: repeats the time of line 2',
      `line 6, timestamp: "${iso(90)}" is in the future`,
    ])
    expect(await values(signal, 1)).toEqual([null])
    const header = { ...input, csv: 'time,value\n1,2\n' }
    await expect(importCsv({ ctx, input: header })).rejects.toMatchObject({
      details: [{ path: 'line 1, header', message: 'the columns are "time,value"' }],
    })
    await expect(importCsv({ ctx, input: { ...input, csv: '' } })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    const nowhere = { ...input, csv: `timestamp,value\n${iso(0)},1\n`, workload: 'nowhere' }
    await expect(importCsv({ ctx, input: nowhere })).rejects.toThrow('There is no workload "nowhere"')
  })
})

describe('workloads and mappings', () => {
  const actions = async (subject: string) =>
    (await database.db.auditEntry.findMany({ where: { subject }, orderBy: { seq: 'asc' } })).map(
      (entry) => entry.action,
    )

  it('are made once, changed and logged', async () => {
    const { ctx, workload } = await setUp()
    const { id, createdAt: _, ...input } = workload
    await expect(createWorkload({ ctx, input })).rejects.toMatchObject({ code: 'conflict' })
    const changed = await updateWorkload({ ctx, input: { id, title: 'Assistant', objectiveP99Ms: 900 } })
    expect(changed).toEqual({ ...workload, title: 'Assistant', objectiveP99Ms: 900 })
    expect(await getWorkload({ ctx, input: { name: workload.name } })).toEqual(changed)
    expect(await actions(`workload/${id}`)).toEqual(['workload.created', 'workload.changed'])
    const step = { id, stepSeconds: 5 }
    await expect(updateWorkload({ ctx, input: step })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('have one mapping for a metric and priority, and log its end', async () => {
    const { ctx } = await setUp()
    const input = {
      priority: 5,
      metric: 'vllm:*',
      matchLabels: { env: 'prod' },
      workloadLabel: 'model_name',
      workloadName: null,
      signal: 'queue_depth' as const,
      kind: 'gauge' as const,
      scale: 1,
    }
    const { id, ...made } = await createMapping({ ctx, input })
    expect(made).toEqual(input)
    await expect(createMapping({ ctx, input })).rejects.toMatchObject({ code: 'conflict' })
    expect((await listMappings({ ctx }))[0]?.id).toBe(id)
    await deleteMapping({ ctx, input: { id } })
    await expect(deleteMapping({ ctx, input: { id } })).rejects.toMatchObject({ code: 'not_found' })
    expect(await actions(`mapping/${id}`)).toEqual(['mapping.created', 'mapping.deleted'])
  })
})

it('drops the weeks of raw samples that are past keeping, and keeps what was made of them', async () => {
  const { workload, series } = await setUp()
  const ctx = testContext({ db: database.db })
  const old = series(signal, [[-420 * 86_400, 3]])
  await write({ ctx, input: { series: [old], source: 'import' } })
  expect((await dropOldSamples({ ctx })).droppedWeeks).toBeGreaterThan(0)
  expect(await database.db.sample.count({ where: { at: { lt: at(-410 * 1_440) } } })).toBe(0)
  expect(await database.db.rollup.count({ where: { workloadId: workload.id } })).toBe(1)
})
