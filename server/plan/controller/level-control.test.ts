import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ExpectedNeed } from './expected-need.ts'
import { LevelControl } from './level-control.ts'

const LEVELS = Array.from({ length: 99 }, (_, i) => (i + 1) / 100)
/** Evenly distributed demand on [0, top] at every lead. */
const even = (top: number, horizon: number) => ({
  levels: LEVELS,
  leads: Array.from({ length: horizon }, () => LEVELS.map((level) => level * top)),
})

describe('expected need', () => {
  test('adds up to mean demand over all replicas, and falls from each to the next', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (top, unit) => {
          const need = new ExpectedNeed(1, unit)
          need.read(even(top, 1))
          const each = Array.from(
            { length: Math.ceil(top / unit) + 5 },
            (_, n) => need.of(n + 1).need[0] ?? 0,
          )
          const sum = each.reduce((total, x) => total + x, 0)
          expect(Math.abs(sum - top / 2 / unit)).toBeLessThanOrEqual(0.1)
          for (const [n, x] of each.entries()) expect(x).toBeLessThanOrEqual((each[n - 1] ?? 1) + 1e-12)
        },
      ),
    )
  })

  test('holds on with the last lead of a short forecast, and looks at far leads in between', () => {
    const short = new ExpectedNeed(40, 1)
    const long = new ExpectedNeed(40, 1)
    short.read(even(10, 3))
    long.read(even(10, 40))
    expect(short.of(4).need).toEqual(long.of(4).need)
    expect(short.of(4).before[40]).toBeCloseTo(40 * (short.of(4).need[0] ?? 0), 9)
  })
})

describe('each replica on its own', () => {
  const terms = (changes: object) => ({ stepsToReady: 0, startCost: 0, stopCost: 0, penalty: 20, ...changes })

  test('without lead time and costs of change, the level is the newsvendor quantile from any position', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(2, 5, 20),
        fc.integer({ min: 1, max: 80 }),
        (top, penalty, position) => {
          const need = new ExpectedNeed(4, 1)
          need.read(even(top, 4))
          const level = new LevelControl(terms({ penalty }), 4).desired(need, position, 1, 80)
          // The last replica is worth it while P(D > x), in the mean over it, is 1 / penalty at least.
          expect(Math.abs(level - Math.max(1, top * (1 - 1 / penalty)))).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  test('a position is held within a band that costs of change widen', () => {
    const need = new ExpectedNeed(8, 1)
    need.read(even(20, 8))
    const band = (changes: object) => {
      const control = new LevelControl(terms(changes), 8)
      return { low: control.desired(need, 1, 1, 60), high: control.desired(need, 60, 1, 60) }
    }
    const plain = band({ stepsToReady: 2, startCost: 2 })
    const sticky = band({ stepsToReady: 2, startCost: 6, stopCost: 3 })
    expect(plain.low).toBeLessThanOrEqual(plain.high)
    expect(sticky.high).toBeGreaterThanOrEqual(plain.high)
    expect(sticky.low).toBeLessThanOrEqual(plain.low)
    const control = new LevelControl(terms({ stepsToReady: 2, startCost: 6, stopCost: 3 }), 8)
    for (let n = sticky.low; n <= sticky.high; n++) expect(control.desired(need, n, 1, 60)).toBe(n)
  })

  test('never leaves its bounds', () => {
    const need = new ExpectedNeed(3, 1)
    need.read(even(50, 3))
    const control = new LevelControl(terms({ stepsToReady: 1 }), 3)
    expect(control.desired(need, 1, 2, 7)).toBe(7)
    need.read(even(0.5, 3))
    expect(control.desired(need, 9, 3, 7)).toBe(3)
  })
})
