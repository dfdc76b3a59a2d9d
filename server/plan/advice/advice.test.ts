import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Advice, Ground } from '../contract.ts'
import { batchingModel } from '../models/batching/model.ts'
import { adviceSource, fittedQueue, option, serverless } from '../testing/advice-source.ts'
import { batchingServing } from '../testing/batching-serving.ts'
import { advise } from './advise.ts'
import { adviseBatching } from './batching.ts'
import { adviseCaching } from './caching.ts'
import { coldShare, instancesNeeded, warmFor } from './cold-starts.ts'
import { monthly, usd } from './figures.ts'
import { adviseRightSizing } from './right-sizing.ts'
import { adviseServerless } from './serverless.ts'
import { adviseSpot } from './spot.ts'

const ground = (advice: Advice | null, label: string): Ground | undefined =>
  advice?.restsOn.find((it) => it.label.startsWith(label))
/** Fifteen requests now and then, each time after everything was stopped. */
const seldom = (step: number) => (step % 6 === 0 ? 0.05 : 0)
/** A few minutes of load each day, and nothing else. */
const rare = (step: number) => (step % 288 < 4 ? 20 : 0)

test('serverless: rare bursts move there, steady load stays, and the break-even is where the lines cross', () => {
  const bursty = adviseServerless(adviceSource({ demand: rare, workload: { objectiveP99Ms: 10_000 } }))
  expect(bursty?.verdict).toBe('change')
  // Six replicas at $2 for 730 hours against some 24,000 requests a day at $100 a million.
  expect(bursty?.savingPerMonthUsd?.low).toBeGreaterThan(8_500)
  expect(bursty?.savingPerMonthUsd?.high).toBeLessThan(6 * 2 * 730)
  const steady = adviseServerless(adviceSource())
  expect(steady?.verdict).toBe('keep')
  expect(steady?.savingPerMonthUsd?.high).toBeLessThan(0)
  const equal = ground(steady, 'Equal cost')?.value ?? 0
  const lines = steady?.chart?.lines ?? []
  const rented = lines[0]?.points ?? []
  const paid = lines[1]?.points[0]?.y ?? 0
  expect(rented.find(({ x }) => x > equal)?.y).toBeLessThan(paid)
  expect(rented.findLast(({ x }) => x < equal)?.y).toBeGreaterThan(paid)
})

test('serverless: where a cold start breaks the objective, instances are kept warm and paid for', () => {
  const strict = adviseServerless(adviceSource({ demand: seldom }))
  expect(ground(strict, 'Instances to keep warm')?.value).toBeGreaterThan(0)
  expect(ground(strict, 'p99 with cold starts')?.value).toBe(800)
  const loose = adviseServerless(adviceSource({ demand: seldom, workload: { objectiveP99Ms: 10_000 } }))
  expect(ground(loose, 'Instances to keep warm')?.value).toBe(0)
})

test('serverless: from there back to instances of the same hardware, and nothing without an alternative', () => {
  const steady = adviceSource({
    pool: { offering: { ...serverless.offering, hardwareClass: 'L40S' } },
    options: [option({})],
  })
  expect(adviseServerless(steady)).toMatchObject({
    verdict: 'change',
    summary: expect.stringContaining('Kubernetes'),
  })
  expect(adviseServerless(adviceSource({ options: [] }))).toMatchObject({
    verdict: 'unknown',
    savingPerMonthUsd: null,
  })
  expect(adviseServerless(adviceSource({ workload: { kind: 'batch' } }))).toBeNull()
})

test('cold starts: more warm instances never mean more of them, and the fewest are found', () => {
  const terms = { stepSeconds: 60, serviceSeconds: 2, concurrencyPerInstance: 3, keptSeconds: 300 }
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 2, maxLength: 60 }),
      (demands) => {
        const steps = demands.map((demand, i) => ({ atMs: i * 60_000, demand, ready: null }))
        const needed = instancesNeeded(steps, terms)
        const shares = Array.from({ length: 25 }, (_, warm) => coldShare(steps, needed, warm, terms))
        for (const [i, share] of shares.entries()) expect(share).toBeLessThanOrEqual(shares[i - 1] ?? 1)
        const fewest = warmFor(steps, needed, 0.01, terms)
        expect(shares[fewest] ?? 0).toBeLessThanOrEqual(0.01)
        if (fewest > 0) expect(shares[fewest - 1]).toBeGreaterThan(0.01)
      },
    ),
  )
})

test('cold starts: an instance that is still there is not started again', () => {
  const terms = { stepSeconds: 60, serviceSeconds: 1, concurrencyPerInstance: 100, keptSeconds: 120 }
  const cold = (demands: number[]) => {
    const steps = demands.map((demand, i) => ({ atMs: i * 60_000, demand, ready: null }))
    return coldShare(steps, instancesNeeded(steps, terms), 0, terms)
  }
  expect(cold([10, 0, 10])).toBe(0)
  // A hundred of the 1,200 requests meet the one that starts.
  expect(cold([10, 0, 0, 10])).toBeCloseTo(100 / 1_200, 12)
})

test('caching: a measured share decides, a stated one is less sure, and without one the worth of each share is shown', () => {
  const measured = adviseCaching(adviceSource({ measuredRepeatShare: 0.5, demand: () => 100 }))
  expect(measured).toMatchObject({ verdict: 'change', confidence: 'high' })
  expect(ground(measured, 'Requests that repeat')).toMatchObject({ value: 50, source: 'measured' })
  const stated = adviseCaching(adviceSource({ workload: { repeatShare: 0.5 }, demand: () => 100 }))
  expect(stated?.savingPerMonthUsd).toEqual(measured?.savingPerMonthUsd)
  expect(stated?.confidence).toBe('low')
  const unknown = adviseCaching(adviceSource())
  expect(unknown).toMatchObject({ verdict: 'unknown', savingPerMonthUsd: null })
  const worth = unknown?.chart?.lines[0]?.points ?? []
  for (const [i, { y }] of worth.entries()) expect(y).toBeGreaterThanOrEqual(worth[i - 1]?.y ?? 0)
  expect(adviseCaching(adviceSource({ workload: { repeatShare: 0.01 }, demand: () => 5 }))?.verdict).toBe(
    'keep',
  )
})

test('batching: a batch that is too small is said so, and one that is large enough is left', () => {
  const objectiveP99Ms = 60_000
  const source = (maxBatch: number) => {
    const serving = batchingServing({
      maxBatch,
      outputTokens: { mean: 50, scv: 1 },
      kvCacheTokens: 20_000,
      firstTokenP99Ms: 2_000,
    })
    const model = batchingModel(serving, { endToEndP99Ms: objectiveP99Ms, firstTokenP99Ms: 2_000 }, 1)
    return { serving, source: adviceSource({ pool: { model }, workload: { objectiveP99Ms } }) }
  }
  const small = source(4)
  const advice = adviseBatching(small.source, small.serving)
  expect(advice).toMatchObject({ verdict: 'change', confidence: 'low' })
  expect(advice?.savingPerMonthUsd?.low).toBeGreaterThan(0)
  const large = source(64)
  expect(adviseBatching(large.source, large.serving)?.verdict).toBe('keep')
  expect(adviseBatching(adviceSource(), batchingServing())).toBeNull()
})

test('right-sizing: idle hardware is cut down, busy hardware is left, and a wrong declaration is named', () => {
  const idle = adviceSource({ demand: () => 14, pool: { model: { ...fittedQueue, capacityPerReplica: 10 } } })
  const cut = adviseRightSizing({ ...idle, steps: idle.steps.map((step) => ({ ...step, memoryShare: 0.3 })) })
  expect(cut).toMatchObject({ verdict: 'change', summary: expect.stringContaining('50 %') })
  // Half of six replicas at $2; by the next size a quarter.
  expect(cut?.savingPerMonthUsd).toEqual({
    low: expect.closeTo(0.25 * 12 * 730, 6),
    high: expect.closeTo(0.5 * 12 * 730, 6),
  })
  const full = adviceSource({ demand: () => 62, pool: { capacityPerReplica: 11 } })
  expect(adviseRightSizing(full)?.verdict).toBe('keep')
  const wrong = adviceSource({ demand: () => 62, pool: { capacityPerReplica: 6 } })
  expect(adviseRightSizing(wrong)).toMatchObject({
    verdict: 'change',
    summary: expect.stringContaining('not 6 req/s'),
  })
  const over = adviseRightSizing(adviceSource({ demand: () => 62, pool: { capacityPerReplica: 20 } }))
  expect(over?.summary).toContain('plans keep too little')
  expect(over?.savingPerMonthUsd?.high).toBeLessThan(0)
  const dark = adviceSource({ pool: { capacityPerReplica: 11 } })
  const unmeasured = dark.steps.map((step) => ({ ...step, utilisation: null, memoryShare: null }))
  expect(adviseRightSizing({ ...dark, steps: unmeasured })?.verdict).toBe('keep')
})

test('spot: worth it for a batch that loses little, not where interruptions eat the saving', () => {
  const spot = (interruptionRatePerHour: number) =>
    option({ market: 'spot', pricePerReplicaHourUsd: 0.8, interruptionRatePerHour })
  const batch = { kind: 'batch', reworkSeconds: 600 } as const
  const good = adviseSpot(adviceSource({ workload: batch, options: [spot(0.05)] }))
  expect(good).toMatchObject({ verdict: 'change', confidence: 'high' })
  const counts = (0.8 * (1 + (0.05 * 120) / 3_600)) / (1 - (0.05 * 600) / 3_600)
  expect(good?.savingPerMonthUsd?.low).toBeCloseTo(6 * (2 - counts) * 730, 6)
  const lost = { kind: 'batch', reworkSeconds: 7_200 } as const
  expect(adviseSpot(adviceSource({ workload: lost, options: [spot(0.6)] }))).toMatchObject({
    verdict: 'keep',
    savingPerMonthUsd: null,
    summary: expect.stringContaining('eat all of the work'),
  })
  const service = adviseSpot(adviceSource({ options: [spot(0.05)] }))
  expect(ground(service, 'Share that may stand')?.value).toBe(50)
  expect(ground(service, 'What being short costs')?.value).toBeGreaterThan(0)
  const there = adviceSource({ workload: lost, pool: spot(0.6), options: [option({ market: 'on_demand' })] })
  expect(adviseSpot(there)).toMatchObject({
    verdict: 'change',
    summary: expect.stringContaining('Leave spot'),
  })
  expect(adviseSpot(adviceSource({ pool: option({ market: 'owned' }) }))).toBeNull()
})

test('all of it together: what is worth doing first, and the same source gives the same advice', () => {
  const source = adviceSource({
    measuredRepeatShare: 0.5,
    demand: rare,
    workload: { objectiveP99Ms: 10_000 },
  })
  const advice = advise(source, null)
  expect(advice[0]).toMatchObject({ kind: 'serverless', verdict: 'change' })
  expect(advice.map(({ kind }) => kind).toSorted()).toEqual(['caching', 'right-sizing', 'serverless', 'spot'])
  expect(advise(source, null)).toEqual(advice)
  expect(advise({ ...source, pool: null }, null)).toEqual([])
  for (const { savingPerMonthUsd } of advice)
    expect(savingPerMonthUsd?.low ?? 0).toBeLessThanOrEqual(savingPerMonthUsd?.high ?? 0)
})

test('little telemetry is little confidence', () => {
  expect(adviseServerless(adviceSource({ days: 1 }))?.confidence).toBe('low')
  expect(adviseServerless(adviceSource({ days: 4 }))?.confidence).toBe('medium')
  expect(adviseServerless(adviceSource())?.confidence).toBe('high')
})

test('a range is what days differ by', () => {
  const steps = Array.from({ length: 10 * 24 }, (_, hour) => ({
    atMs: hour * 3_600_000,
    usd: 1 + Math.floor(hour / 24),
  }))
  expect(monthly(steps)).toEqual({ low: 730, high: 9 * 730 })
  expect(monthly(steps.slice(0, 24))).toEqual({ low: 365, high: 1_095 })
  expect([usd(1_234_567.8), usd(-3.456), usd(999.6)]).toEqual(['$1,234,568', '−$3.46', '$1,000'])
})
