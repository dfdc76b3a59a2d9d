import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Slab } from '../numeric/slab.ts'
import { AdaptiveLevels } from './adaptive-levels.ts'

const OPEN = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** A tail read at `level` of a distribution on [0, 1): a value misses it when it is in the top `level` share. */
const misses = (value: number, level: number): number =>
  level <= 0 ? 0 : level >= 1 ? 1 : value > 1 - level ? 1 : 0

/** Share of misses among `values` when a miss is heard `delay` steps late, and the widest that it may be off. */
function gap(
  values: readonly number[],
  delay: number,
  promised: number,
  rate: number,
): { gap: number; bound: number } {
  const rule = new AdaptiveLevels(new Slab(), 'levels', {
    promised,
    rates: [rate],
    floors: [1],
    rounds: 1,
    ...OPEN,
  })
  const issued: number[] = []
  let missed = 0
  for (const [t, value] of values.entries()) {
    issued.push(rule.level(0))
    const read = issued[t - delay]
    if (read === undefined) continue
    const miss = misses(value, read)
    missed += miss
    rule.learn(0, miss)
  }
  const count = Math.max(1, values.length - delay)
  const bound = (Math.max(promised, 1 - promised) + (delay + 1) * rate) / (rate * count)
  return { gap: Math.abs(missed / count - promised), bound }
}

const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
  minLength: 20,
  maxLength: 600,
})
const promise = fc.double({ min: 0.01, max: 0.5, noNaN: true })
const rate = fc.double({ min: 0.005, max: 0.3, noNaN: true })

describe('adaptive conformal inference', () => {
  it('misses as often as promised within (max(α, 1 − α) + η) / (ηT), whatever comes', () => {
    fc.assert(
      fc.property(values, promise, rate, (sequence, promised, eta) => {
        const { gap: off, bound } = gap(sequence, 0, promised, eta)
        expect(off).toBeLessThanOrEqual(bound + 1e-9)
      }),
      { numRuns: 200 },
    )
  })

  it('holds it within (max(α, 1 − α) + (h + 1)η) / (ηT) when it hears of misses h steps late', () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 12 }),
        promise,
        rate,
        (sequence, delay, promised, eta) => {
          const { gap: off, bound } = gap(sequence, delay, promised, eta)
          expect(off).toBeLessThanOrEqual(bound + 1e-9)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('comes within one part in a hundred of its word on values that all lie in the last tenth', () => {
    const sequence = Array.from({ length: 5000 }, (_, t) => 0.9 + 0.0999 * ((t * 0.618) % 1))
    expect(gap(sequence, 0, 0.05, 0.05).gap).toBeLessThan(0.01)
    expect(gap(sequence, 0, 0.05, 1e-9).gap).toBeGreaterThan(0.1)
  })

  it('stays within its limits', () => {
    const rule = new AdaptiveLevels(new Slab(), 'levels', {
      promised: 0.05,
      rates: [0.01],
      floors: [1],
      rounds: 1,
      low: 0.02,
      high: 0.1,
    })
    for (let t = 0; t < 100; t++) rule.learn(0, 1)
    expect(rule.level(0)).toBe(0.02)
    for (let t = 0; t < 1000; t++) rule.learn(0, 0)
    expect(rule.level(0)).toBe(0.1)
  })

  it('moves less as rounds go by, down to its floor', () => {
    const options = { promised: 0.05, rates: [0.01], floors: [0.25], rounds: 10, low: -9, high: 9 }
    const rule = new AdaptiveLevels(new Slab(), 'levels', options)
    const moved = Array.from({ length: 200 }, () => {
      const before = rule.level(0)
      rule.learn(0, 1)
      return before - rule.level(0)
    })
    expect(moved[0]).toBeCloseTo(0.0095, 12)
    expect(moved[30]).toBeCloseTo(0.0095 / 2, 12)
    expect(moved[199]).toBeCloseTo(0.0095 / 4, 12)
  })
})
