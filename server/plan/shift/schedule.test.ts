import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cheapestSchedule, isFeasible, type Slot } from './schedule.ts'

const anySlots: fc.Arbitrary<{ slots: Slot[]; held: number }> = fc
  .record({
    parts: fc.array(
      fc.record({
        seconds: fc.integer({ min: 1, max: 5 }),
        price: fc.integer({ min: 0, max: 4 }),
        carbon: fc.integer({ min: 0, max: 3 }),
        work: fc.integer({ min: 0, max: 12 }),
        low: fc.integer({ min: 0, max: 1 }),
        room: fc.integer({ min: 0, max: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    wait: fc.integer({ min: 0, max: 3 }),
    held: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ parts, wait, held }) => {
    const arrived = parts.map((_, i) => parts.slice(0, i + 1).reduce((sum, { work }) => sum + work, 0))
    const last = parts.length - 1
    const slots = parts.map(({ room, work: _work, ...slot }, i) => ({
      ...slot,
      high: slot.low + room,
      arrived: arrived[i] ?? 0,
      due: i === last ? (arrived[last] ?? 0) : (arrived[i - wait] ?? 0),
    }))
    return { slots, held: Math.min(held, slots.length) }
  })

type Cost = { price: number; carbon: number }

/** Every choice of levels, tried out; held slots share one level within the bounds of the first. */
function bruteForce(slots: readonly Slot[], held: number): Cost | null {
  let best: Cost | null = null
  const walk = (i: number, first: number | null, done: number, { price, carbon }: Cost): void => {
    const slot = slots[i]
    if (slot === undefined) {
      if (best === null || price < best.price || (price === best.price && carbon < best.carbon))
        best = { price, carbon }
      return
    }
    const isHeld = i < held && first !== null
    for (let level = isHeld ? first : slot.low; level <= (isHeld ? first : slot.high); level++) {
      const then = Math.min(slot.arrived, done + level * slot.seconds)
      const cost = { price: price + level * slot.price, carbon: carbon + level * slot.carbon }
      if (then >= slot.due) walk(i + 1, first ?? level, then, cost)
    }
  }
  walk(0, null, 0, { price: 0, carbon: 0 })
  return best
}

describe('the cheapest schedule', () => {
  test('is the one that trying everything finds', () => {
    let feasible = 0
    fc.assert(
      fc.property(anySlots, ({ slots, held }) => {
        const found = cheapestSchedule(slots, held)
        const best = bruteForce(slots, held)
        if (best !== null) feasible++
        expect(isFeasible(slots, held)).toBe(best !== null)
        expect(found && { price: found.price, carbon: found.carbon }).toEqual(best)
      }),
      { numRuns: 2_000, seed: 11 },
    )
    expect(feasible).toBeGreaterThan(300)
  })

  test('keeps every deadline and bound', () => {
    fc.assert(
      fc.property(anySlots, ({ slots, held }) => {
        const found = cheapestSchedule(slots, held)
        if (found === null) return
        let done = 0
        for (const [i, slot] of slots.entries()) {
          const level = found.levels[i] ?? -1
          done = Math.min(slot.arrived, done + level * slot.seconds)
          expect(done).toBe(found.done[i])
          expect(done).toBeGreaterThanOrEqual(slot.due)
          if (i >= held) {
            expect(level).toBeGreaterThanOrEqual(slot.low)
            expect(level).toBeLessThanOrEqual(slot.high)
          } else expect(level).toBe(found.levels[0])
        }
      }),
      { numRuns: 1_000, seed: 12 },
    )
  })

  test('of equals does work early', () => {
    const slot = { seconds: 1, price: 1, carbon: 1, low: 0, high: 4 }
    const slots = [
      { ...slot, arrived: 3, due: 0 },
      { ...slot, arrived: 3, due: 3 },
    ]
    expect(cheapestSchedule(slots, 1)?.levels).toEqual([3, 0])
  })
})
