import fc from 'fast-check'
import { expect, test } from 'vitest'
import { poolTerms } from '../testing/pool-terms.ts'
import { erfc } from './erfc.ts'
import { LatencyModel, settledP99Ms } from './latency.ts'

const positive = (max: number) => fc.double({ min: 0.01, max, noNaN: true })
const terms = fc
  .record({
    capacityPerReplica: positive(50),
    serviceTimeSeconds: positive(5),
    arrivalScv: positive(4),
    serviceScv: positive(4),
    stepSeconds: fc.constantFrom(10, 60, 600),
  })
  .map(poolTerms)

test('erfc agrees with published values', () => {
  // Abramowitz and Stegun, table 7.1, and the asymptotic tail.
  expect(erfc(0)).toBe(1)
  expect(erfc(0.5)).toBeCloseTo(0.4795001221869535, 14)
  expect(erfc(1)).toBeCloseTo(0.15729920705028513, 14)
  expect(erfc(2)).toBeCloseTo(0.004677734981047266, 14)
  expect(erfc(3) / 2.209049699858544e-5).toBeCloseTo(1, 12)
  expect(erfc(-1)).toBeCloseTo(1.8427007929497148, 14)
  expect(erfc(40)).toBe(0)
})

test('p99 never rises with replicas and never falls with demand, within a step and settled', () => {
  fc.assert(
    fc.property(terms, positive(500), fc.integer({ min: 1, max: 200 }), (some, demand, ready) => {
      const step = new LatencyModel(some)
      const within = (d: number, n: number) =>
        step.p99Seconds({ demand: d, ready: n, backlogBefore: 0, backlog: 0 })
      const settled = (d: number, n: number) => settledP99Ms(some, d, n) ?? Number.POSITIVE_INFINITY
      for (const p99 of [within, settled]) {
        expect(p99(demand, ready + 1)).toBeLessThanOrEqual(p99(demand, ready) * (1 + 1e-9))
        expect(p99(demand * 1.1, ready)).toBeGreaterThanOrEqual(p99(demand, ready) * (1 - 1e-9))
      }
      expect(within(demand, ready) * 1_000).toBeLessThanOrEqual(settled(demand, ready) * (1 + 1e-9))
    }),
  )
})

test('the fewest replicas for a demand are found', () => {
  fc.assert(
    fc.property(terms, positive(60), (some, demand) => {
      const model = new LatencyModel(some)
      const holds = (ready: number) => {
        const backlog = Math.max(0, demand - ready * some.capacityPerReplica) * some.stepSeconds
        return !model.violates(model.p99Seconds({ demand, ready, backlogBefore: 0, backlog }))
      }
      const counts = Array.from({ length: 40 }, (_, i) => i + 1)
      expect(model.replicasFor(demand, 1, 40)).toBe(counts.find(holds) ?? 40)
    }),
  )
})

test('the late share is all, none, or the tail of the wait', () => {
  const model = new LatencyModel(poolTerms({ stepSeconds: 600 }))
  const share = (demand: number, ready: number, backlog = 0) =>
    model.lateShare({ demand, ready, backlogBefore: 0, backlog })
  expect(share(5, 4, 600)).toBe(1)
  expect(share(0, 4)).toBe(0)
  expect(share(5, 0)).toBe(1)
  // M/M/1 at 80%: C = ρ^(√4 − 1) = 0.8, θ = 0.2 per second, one second is left.
  expect(share(0.8, 1)).toBeCloseTo(0.8 * Math.exp(-0.2), 12)
})

test('without a replica nothing settles', () => {
  expect(settledP99Ms(poolTerms(), 1, 0)).toBeNull()
  expect(settledP99Ms(poolTerms(), 5, 5)).toBeNull()
  expect(settledP99Ms(poolTerms(), 0, 0)).toBe(1_000)
})
