import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase, testContext, testStart } from '../runtime/testing/index.ts'
import { write } from './index.ts'
import { maxLiveSeriesPerSignal } from './limits.ts'
import { createTestMappings, createTestWorkload, firstStep } from './testing/set-up.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await createTestMappings(database.db)
})
afterAll(() => database.dispose())
const setUp = () => createTestWorkload(database.db)

const minute = 60_000

describe('rollups', () => {
  it('are the mean of a gauge in its step; a long silence is a gap', async () => {
    const { send, series, values } = await setUp()
    const samples = series('requests_per_second', [
      [0, 10],
      [30, 20],
      [180, 5],
    ])
    expect(await send(samples)).toMatchObject({ stored: 3, replaced: 0, duplicates: 0, late: 0 })
    expect(await values('requests_per_second', 4)).toEqual([15, null, null, 5])
  })

  it('add the instances, take the worst latency and the mean utilisation', async () => {
    const { send, series, values } = await setUp()
    await send(
      ...['a', 'b'].flatMap((pod, index) => [
        series('requests_per_second', [[5, 10 + index]], { pod }),
        series(
          'latency_p99_ms',
          [
            [5, 100],
            [25, 900 - index * 300],
          ],
          { pod },
        ),
        series('gpu_utilization_ratio', [[5, 0.2 + index * 0.4]], { pod }),
      ]),
    )
    expect(await values('requests_per_second', 1)).toEqual([21])
    expect(await values('latency_p99_ms', 1)).toEqual([900])
    expect((await values('gpu_utilization_ratio', 1))[0]).toBeCloseTo(0.4)
  })

  it('make rates of counters, over restarts and across the edges of steps', async () => {
    const { send, series, values } = await setUp()
    await send(
      series('requests_total', [
        [0, 1_000],
        [30, 1_060],
        // From 1120 at most back to 0, then up to 90: an increase of 90.
        [60, 90],
        // 120 in 40 s, of which 20 s lie in the next step.
        [100, 150],
        [140, 270],
      ]),
    )
    const [first, second, third] = await values('requests_per_second', 3)
    expect(first).toBeCloseTo((60 + 90) / 60)
    expect(second).toBeCloseTo((60 + 60) / 60)
    expect(third).toBeCloseTo(3)
  })

  it('make no rate across an outage of the counter', async () => {
    const { send, series, values } = await setUp()
    await send(
      series('requests_total', [
        [0, 0],
        [30, 30],
        [630, 10_000],
        [650, 10_040],
      ]),
    )
    expect(await values('requests_per_second', 11)).toEqual([1, ...Array(9).fill(null), 2])
  })

  it('hold a gauge whose source is slower than the step', async () => {
    const { send, series, values } = await createTestWorkload(database.db, { stepSeconds: 10 })
    await send(
      series('requests_per_second', [
        [0, 1],
        [30, 4],
        [120, 7],
      ]),
    )
    expect(await values('requests_per_second', 13)).toEqual([1, 1, 1, 4, ...Array(8).fill(null), 7])
  })

  it('do not depend on the order of arrival', async () => {
    const one = await setUp()
    const other = await setUp()
    const samples = Array.from({ length: 40 }, (_, i): [number, number] => [i * 17, ((i * 37) % 11) * 5])
    await one.send(one.series('requests_total', samples))
    const shuffled = samples.toSorted(([a], [b]) => ((a * 7) % 41) - ((b * 7) % 41))
    for (let start = 0; start < shuffled.length; start += 7) {
      await other.send(other.series('requests_total', shuffled.slice(start, start + 7)))
    }
    const expected = await one.values('requests_per_second', 12)
    expect(expected.filter((value) => value !== null)).toHaveLength(12)
    const actual = await other.values('requests_per_second', 12)
    for (const [index, value] of expected.entries()) expect(actual[index]).toBeCloseTo(value ?? -1, 9)
  })
})

describe('late, repeated and changed samples', () => {
  it('correct the step they belong to', async () => {
    const { send, series, values } = await setUp()
    await send(
      series('requests_per_second', [
        [0, 10],
        [60, 20],
        [120, 30],
      ]),
    )
    expect(await send(series('requests_per_second', [[30, 50]]))).toMatchObject({ stored: 1, late: 1 })
    expect(await values('requests_per_second', 3)).toEqual([30, 20, 30])
  })

  it('count the same again as duplicates and change nothing', async () => {
    const { send, series, values } = await setUp()
    const samples = series('requests_per_second', [
      [0, 10],
      [60, 20],
    ])
    await send(samples)
    expect(await send(samples)).toMatchObject({ stored: 0, duplicates: 2, replaced: 0, late: 0 })
    expect(await values('requests_per_second', 2)).toEqual([10, 20])
  })

  it('let the last write of an instant win, within a request too', async () => {
    const { send, series, values } = await setUp()
    expect(
      await send(
        series('requests_per_second', [
          [0, 1],
          [0, 2],
        ]),
      ),
    ).toMatchObject({ stored: 1, duplicates: 1 })
    expect(await values('requests_per_second', 1)).toEqual([2])
    expect(await send(series('requests_per_second', [[0, 7]]))).toMatchObject({ stored: 0, replaced: 1 })
    expect(await values('requests_per_second', 1)).toEqual([7])
  })
})

describe('what is not kept', () => {
  it('ignores staleness markers and infinities', async () => {
    const { send, series } = await setUp()
    const receipt = await send(
      series('requests_per_second', [
        [0, Number.NaN],
        [1, Number.POSITIVE_INFINITY],
        [2, 3],
      ]),
    )
    expect(receipt).toMatchObject({ stored: 1, ignored: 2 })
  })

  it('rejects impossible times, and says so, without losing the others', async () => {
    const { send, series } = await setUp()
    const ahead = 3_600 + 601
    const receipt = await send(
      series('requests_per_second', [
        [0, 1],
        [ahead, 1],
        [-401 * 86_400, 1],
      ]),
    )
    expect(receipt).toMatchObject({ stored: 1, rejected: 2 })
    expect(receipt.rejectedExamples[0]).toContain('more than 10 minutes ahead')
    expect(receipt.rejectedExamples[1]).toContain('infrasage import')
  })

  it('rejects values that no signal can have, and keeps what stands beside them', async () => {
    const { send, series, values } = await setUp()
    const receipt = await send(
      series('requests_per_second', [
        [0, 1e308],
        [1, -1e9],
        [2, 3],
        [3, 5e-324],
      ]),
      series('requests_per_second', [[0, 1e308]], { pod: 'b' }),
      series('requests_total', [
        [60, 0],
        [60.001, 1.7e308],
        [61, -5],
      ]),
    )
    expect(receipt).toMatchObject({ stored: 3, rejected: 5 })
    expect(receipt.rejectedExamples.join()).toMatch(/1e\+308 is beyond.*-1000000000 is negative/)
    expect(await values('requests_per_second', 1)).toEqual([1.5])
  })

  it('adds up the largest values that it takes', async () => {
    const { send, series, values } = await setUp()
    const largest = (pod: string) => series('requests_per_second', [[0, 1e24]], { pod })
    const jump: [number, number][] = [
      [60, 0],
      [60.001, 1e24],
    ]
    const receipt = await send(largest('a'), largest('b'), series('requests_total', jump))
    expect(receipt).toMatchObject({ stored: 4, rejected: 0 })
    expect(await values('requests_per_second', 1)).toEqual([2e24])
  })

  it('refuses a request of which nothing can be kept', async () => {
    const { send, series } = await setUp()
    await expect(send(series('requests_per_second', [[9_000, 1]]))).rejects.toThrow('None of the 1 samples')
  })

  it('drops and counts what nobody claims', async () => {
    const { send, series } = await setUp()
    const receipt = await send(
      series('requests_per_second', [[0, 1]]),
      series('requests_per_second', [[0, 1]], { workload: 'nowhere' }),
      series('something_else', [
        [0, 1],
        [1, 2],
      ]),
    )
    expect(receipt).toMatchObject({ stored: 1, unmappedSeries: 2, unmappedSamples: 3 })
    expect(receipt.unmappedExamples[0]).toContain('there is no workload "nowhere"')
    expect(receipt.unmappedExamples[1]).toContain('no mapping claims it')
  })

  it('keeps nothing of a request that fails', async () => {
    const { ctx, series, workload } = await setUp()
    const broken = {
      ...ctx,
      queue: { send: () => Promise.reject(new Error('the queue is down')) },
    }
    const input = {
      series: [
        series('requests_per_second', [
          [0, 1],
          [60, 2],
        ]),
      ],
      source: 'otlp' as const,
    }
    await expect(write({ ctx: broken, input })).rejects.toThrow('the queue is down')
    expect(await database.db.series.count({ where: { workloadId: workload.id } })).toBe(0)
    expect(await database.db.rollup.count({ where: { workloadId: workload.id } })).toBe(0)
  })

  it('refuses whoever may not write', async () => {
    const { ctx } = await setUp()
    const anonymous = { ...ctx, actor: { kind: 'anonymous' as const } }
    await expect(write({ ctx: anonymous, input: { series: [], source: 'otlp' } })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })
})

describe('what follows from a write', () => {
  it('sends one job when the demand moves into a new step', async () => {
    const { send, series, queue, workload } = await setUp()
    await send(series('requests_per_second', [[0, 1]]))
    await send(series('requests_per_second', [[20, 1]]), series('latency_p99_ms', [[70, 1]]))
    expect(queue.sent).toEqual([])
    await send(series('requests_per_second', [[65, 1]]))
    expect(queue.sent).toEqual([{ name: 'advance', data: { workloadId: workload.id }, key: workload.id }])
    await send(series('requests_per_second', [[40, 9]]))
    expect(queue.sent).toHaveLength(1)
  })

  it('makes the partitions of the weeks it needs', async () => {
    const { ctx, series } = await setUp()
    const old = series('requests_per_second', [
      [-60 * 86_400, 1],
      [-53 * 86_400, 1],
    ])
    await write({ ctx, input: { series: [old], source: 'import' } })
    const weeks = await database.db.$queryRaw<{ n: number }[]>`
      SELECT count(DISTINCT tableoid)::int AS n FROM "Sample" WHERE "at" < ${new Date(firstStep - 50 * 86_400_000)}`
    expect(weeks).toEqual([{ n: 2 }])
  })
})

describe('writers at the same time', () => {
  it('lose nothing and do not block each other for good', async () => {
    const workloads = await Promise.all([setUp(), setUp(), setUp()])
    const rounds = Array.from({ length: 12 }, (_, round) => round)
    await Promise.all(
      rounds.map((round) => {
        const all = workloads.map(({ series }) =>
          series(
            'requests_per_second',
            [
              [round, 1],
              [60 + round, 2],
            ],
            { pod: `p${round % 3}` },
          ),
        )
        // Each writer names the workloads in another order.
        const turned = [...all.slice(round % 3), ...all.slice(0, round % 3)]
        return write({ ctx: testContext({ db: database.db }), input: { series: turned, source: 'otlp' } })
      }),
    )
    for (const { values } of workloads) expect(await values('requests_per_second', 2)).toEqual([3, 6])
  })
})

it('starts its tests on a step', () => {
  expect(firstStep % minute).toBe(0)
  expect(testStart.getTime() - firstStep).toBe(60 * minute)
})

describe('labels without bound', () => {
  it('are taken up to a number of series, and then left out, counted and named', async () => {
    const { series, send, values } = await setUp()
    const pods = Array.from({ length: maxLiveSeriesPerSignal + 2 }, (_, i) => `p${i}`)
    const receipt = await send(...pods.map((pod) => series('requests_per_second', [[3_540, 1]], { pod })))
    expect(receipt).toMatchObject({ stored: maxLiveSeriesPerSignal, rejected: 2 })
    expect(receipt.rejectedExamples[0]).toMatch(/requests_per_second has 10000 series in the last hour/)
    expect((await values('requests_per_second', 60)).at(-1)).toBe(maxLiveSeriesPerSignal)
    const known = await send(series('requests_per_second', [[3_550, 3]], { pod: 'p0' }))
    expect(known).toMatchObject({ stored: 1, rejected: 0 })
  })
})
