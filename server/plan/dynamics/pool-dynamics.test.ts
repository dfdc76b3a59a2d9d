import fc from 'fast-check'
import { expect, test } from 'vitest'
import { poolTerms } from '../testing/pool-terms.ts'
import { PoolDynamics } from './pool-dynamics.ts'
import { leadSeconds, type PoolTerms } from './terms.ts'

const someTerms = fc
  .record({
    leadTimeSeconds: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constant([60, 300, 1200])),
    approvalDelaySeconds: fc.integer({ min: 0, max: 300 }),
    removeDelaySeconds: fc.integer({ min: 0, max: 300 }),
    maxReplicas: fc.integer({ min: 4, max: 30 }),
    startCost: fc.integer({ min: 0, max: 3 }),
    leadSeed: fc.nat(),
  })
  .map(poolTerms)
const someSteps = fc.array(
  fc.record({
    desired: fc.option(fc.integer({ min: -5, max: 40 })),
    demand: fc.double({ min: 0, max: 40, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
)

test('units served and units that wait are the units that arrived, and bounds hold', () => {
  fc.assert(
    fc.property(someTerms, someSteps, (terms, steps) => {
      const pool = new PoolDynamics(terms, 3)
      let arrived = 0
      let served = 0
      for (const { desired, demand } of steps) {
        const before = pool.position
        const account = pool.advance(desired, demand)
        arrived += demand * terms.stepSeconds
        served += account.served
        expect(pool.position).toBe(before + account.ordered - account.removed)
        expect(pool.position).toBeGreaterThanOrEqual(terms.minReplicas)
        expect(pool.position).toBeLessThanOrEqual(terms.maxReplicas)
        expect(account.ready).toBeGreaterThanOrEqual(1)
      }
      expect(served + pool.backlog).toBeCloseTo(arrived, 6)
    }),
  )
})

test('a pool goes on from its saved state as if it had never stopped', () => {
  fc.assert(
    fc.property(someTerms, someSteps, fc.nat({ max: 59 }), (terms, steps, cut) => {
      const run = (pool: PoolDynamics, part: typeof steps) =>
        part.map(({ desired, demand }) => pool.advance(desired, demand))
      const whole = new PoolDynamics(terms, 3)
      const first = new PoolDynamics(terms, 3)
      const accounts = [...run(first, steps.slice(0, cut))]
      const second = new PoolDynamics(terms, JSON.parse(JSON.stringify(first)))
      accounts.push(...run(second, steps.slice(cut)))
      expect(accounts).toEqual(run(whole, steps))
      expect(second.toJSON()).toEqual(whole.toJSON())
    }),
  )
})

test('with zero delays everything not serving is an order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 }), someSteps, (leadTimeSeconds, steps) => {
      const pool = new PoolDynamics(poolTerms({ leadTimeSeconds }), 3)
      let paid = 3
      for (const { desired, demand } of steps) {
        const { ready, inFlight, ordered, removed } = pool.advance(desired, demand)
        expect(ready + inFlight - paid).toBe(ordered - removed)
        paid = ready + inFlight
      }
    }),
  )
})

test('an order is paid from its placement and serves after approval and lead', () => {
  const pool = new PoolDynamics(poolTerms({ approvalDelaySeconds: 110, leadTimeSeconds: 130 }), 2)
  const accounts = [5, null, null, null, null, null].map((desired) => pool.advance(desired, 0))
  expect(accounts.map(({ inFlight }) => inFlight)).toEqual([0, 0, 3, 3, 3, 0])
  expect(accounts.map(({ ready }) => ready)).toEqual([2, 2, 2, 2, 2, 5])
})

test('without any delay an order serves in its own step', () => {
  const pool = new PoolDynamics(poolTerms({ leadTimeSeconds: 0 }), 2)
  expect(pool.advance(5, 0)).toMatchObject({ ready: 5, inFlight: 0, ordered: 3 })
})

test('scale-in cancels the newest orders first, then drains what was ready', () => {
  const pool = new PoolDynamics(poolTerms({ removeDelaySeconds: 120, removeCost: 2 }), 4)
  pool.advance(6, 0)
  pool.advance(9, 0)
  expect(pool.advance(7, 0)).toMatchObject({ removed: 2, ready: 4, inFlight: 3, churnCost: 4 })
  expect(pool.pending.map(({ count }) => count)).toEqual([2, 1])
  expect(pool.advance(3, 0)).toMatchObject({ removed: 4, ready: 3, inFlight: 1 })
  expect(pool.advance(null, 0)).toMatchObject({ ready: 3, inFlight: 1 })
  expect(pool.advance(null, 0)).toMatchObject({ ready: 3, inFlight: 0 })
})

test('a gap costs nothing and adds no backlog', () => {
  const pool = new PoolDynamics(poolTerms(), 2)
  expect(pool.advance(null, 3).backlog).toBe(60)
  const gap = pool.advance(null, 5, true)
  expect(gap).toMatchObject({ backlog: 60, infraCost: 0, penaltyCost: 0 })
  expect(pool.advance(null, 1, true).backlog).toBe(0)
})

test('shortfall is counted at the utilisation that is named', () => {
  const pool = new PoolDynamics(poolTerms({ shortfallUtilisation: 0.8 }), 2)
  const { shortReplicaHours, penaltyCost, infraCost } = pool.advance(null, 4)
  expect(shortReplicaHours).toBeCloseTo(3 / 60, 12)
  expect(penaltyCost).toBeCloseTo(1, 12)
  expect(infraCost).toBeCloseTo(2 / 60, 12)
})

test('random leads follow the seed and the step alone', () => {
  const at = (leadSeed: number, step: number): number =>
    leadSeconds(poolTerms({ leadTimeSeconds: [0, 1000], leadSeed }) satisfies PoolTerms, step)
  expect([at(1, 0), at(1, 1), at(3, 0)]).toEqual([627.0739405881613, 734.2509443406016, 720.2267837710679])
  const skewed = poolTerms({ leadTimeSeconds: [10, 20, 100], leadSeed: 1 })
  expect(leadSeconds(skewed, 0)).toBeCloseTo(20 + (2 * 0.6270739405881613 - 1) * 80, 9)
  expect(at(4294967295, 2)).toBe(at(0, 1))
})

test('a number of replicas that is not whole is refused', () => {
  const pool = new PoolDynamics(poolTerms(), 2)
  expect(() => pool.advance(2.5, 1)).toThrow('whole number of replicas, got 2.5')
  expect(() => pool.advance(Number.NaN, 1)).toThrow('got NaN')
})
