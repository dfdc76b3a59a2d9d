import { expect, test } from 'vitest'
import { hourOf } from './hours.ts'
import { learnTime } from './learned-time.ts'
import { networkLatency } from './network.ts'
import { carbonAt, meanCarbonGPerKwh, meanPriceUsd, priceAt } from './price.ts'
import { reworkOf, spotCost } from './spot.ts'

const midnight = Date.UTC(2026, 2, 2)
const hours = Array.from({ length: 24 }, (_, hour) => 1 + hour)

test('a profile is read by the hour in UTC, before the epoch too', () => {
  const offering = { pricePerReplicaHourUsd: 5, priceProfileUsd: hours }
  expect(priceAt(offering, midnight)).toBe(1)
  expect(priceAt(offering, midnight + 13.99 * 3_600_000)).toBe(14)
  expect(hourOf(-1)).toBe(23)
  expect(priceAt({ ...offering, priceProfileUsd: [] }, midnight)).toBe(5)
  expect(carbonAt({ carbonGPerKwh: 300 }, midnight)).toBe(300)
})

test('means over spans count parts of hours, and days wrap around', () => {
  const offering = { pricePerReplicaHourUsd: 5, priceProfileUsd: hours }
  // Half an hour at 1, an hour at 2, a quarter at 3.
  expect(meanPriceUsd(offering, midnight + 1_800_000, 6_300)).toBeCloseTo((0.5 + 2 + 0.75) / 1.75, 12)
  expect(meanPriceUsd(offering, midnight + 77_777_000, 86_400 * 3)).toBeCloseTo(12.5, 9)
  expect(meanPriceUsd(offering, midnight, 0)).toBe(1)
  expect(meanCarbonGPerKwh({ carbonGPerKwh: 7, carbonProfileGPerKwh: [] }, midnight, 60)).toBe(7)
})

test('spot costs what a simulated cycle of uptime, lead and lost work costs', () => {
  const terms = {
    pricePerReplicaHourUsd: 1,
    interruptionRatePerHour: 0.5,
    reworkSeconds: 720,
    leadTimeSeconds: 360,
  }
  const { pricePerUsefulHourUsd, interruptionCostPerHourUsd, shortShare } = spotCost(terms)
  // Two hours up, 0.1 of waiting: 2.1 paid for 1.8 that count.
  expect(pricePerUsefulHourUsd).toBeCloseTo(2.1 / 1.8, 12)
  expect(interruptionCostPerHourUsd).toBeCloseTo(2.1 / 1.8 - 1, 12)
  expect(shortShare).toBeCloseTo(0.1 / 2.1, 12)
  expect(spotCost({ ...terms, interruptionRatePerHour: 0 }).pricePerUsefulHourUsd).toBe(1)
  expect(spotCost({ ...terms, reworkSeconds: 7_200 }).pricePerUsefulHourUsd).toBe(Number.POSITIVE_INFINITY)
  expect(reworkOf({ kind: 'training', reworkSeconds: null })).toEqual({ seconds: 900, assumed: true })
  expect(reworkOf({ kind: 'training', reworkSeconds: 60 })).toEqual({ seconds: 60, assumed: false })
})

test('network latency is weighed by where the users are', () => {
  const latency = { Europe: 10, America: 90, Asia: 200 }
  expect(networkLatency(latency, { Europe: 0.7, America: 0.295, Asia: 0.005 })).toEqual({
    meanMs: expect.closeTo(7 + 26.55 + 1, 9),
    p99Ms: 90,
    knownShare: expect.closeTo(1, 12),
  })
  expect(networkLatency(latency, { Europe: 0.5, Africa: 0.5 })).toMatchObject({ meanMs: 10, knownShare: 0.5 })
  expect(networkLatency(latency, {})).toBeNull()
  expect(networkLatency(undefined, { Europe: 1 })).toBeNull()
})

const declared = { p50Seconds: 100, p90Seconds: 200 }

test('nothing measured: as declared', () => {
  expect(learnTime([], declared)).toMatchObject({
    p50Seconds: 100,
    p90Seconds: 200,
    observations: 0,
    measuredP90Seconds: null,
  })
})

test('a few measurements pull, many decide', () => {
  const one = learnTime([400], declared)
  expect(one.p50Seconds).toBe(Math.round(100 * 4 ** (1 / 9)))
  const eight = learnTime(
    Array.from({ length: 8 }, () => 400),
    declared,
  )
  expect(eight.p50Seconds).toBe(200)
  const many = learnTime(
    Array.from({ length: 792 }, (_, i) => 300 + (i % 100)),
    declared,
  )
  expect(many.p50Seconds).toBeGreaterThan(340)
  expect(many.p90Seconds).toBeGreaterThan(380)
  expect(many.p90Seconds).toBeLessThan(390)
})

test('quantiles keep their order, and what is no time is left out', () => {
  const quick = learnTime([10, 10, 10, Number.NaN, -5], { p50Seconds: 500, p90Seconds: 510 })
  expect(quick.observations).toBe(3)
  expect(quick.p90Seconds).toBeGreaterThanOrEqual(quick.p50Seconds)
  expect(learnTime([0], { p50Seconds: 0, p90Seconds: 0 }).p90Seconds).toBe(1)
})
