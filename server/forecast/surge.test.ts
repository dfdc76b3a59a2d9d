import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exceedance } from './quantile-function.ts'
import { detectSurge } from './surge.ts'

const levels = [0.1, 0.5, 0.9]
const lead = (number: number, values: number[]) => ({
  lead: number,
  at: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
  values,
})

describe('exceedance', () => {
  it('is the complement of the level at each quantile and falls with the threshold', () => {
    const ascending = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(ascending, (numbers) => {
        const values = numbers.sort((a, b) => a - b)
        for (const [i, level] of levels.entries()) {
          expect(exceedance(levels, values, values[i] ?? 0)).toBeCloseTo(1 - level, 9)
        }
        let before = 1
        for (let threshold = -100; threshold < 1200; threshold += 25) {
          const chance = exceedance(levels, values, threshold)
          expect(chance).toBeLessThanOrEqual(before)
          before = chance
        }
      }),
    )
  })

  it('is certain either way for a forecast without spread', () => {
    expect(exceedance(levels, [5, 5, 5], 4)).toBe(1 - 1e-4)
    expect(exceedance(levels, [5, 5, 5], 6)).toBe(1e-4)
  })
})

describe('detectSurge', () => {
  const leads = [lead(1, [8, 10, 12]), lead(2, [9, 14, 20]), lead(3, [12, 18, 30]), lead(4, [5, 8, 10])]

  it('finds the span, its peak and its probability', () => {
    const surge = detectSurge({ leads, levels, joint: null, capacity: 13, minProbability: 0.5 })
    expect(surge).toMatchObject({
      startsAt: leads[1]?.at,
      endsAt: leads[2]?.at,
      peakAt: leads[2]?.at,
      peakMedian: 18,
    })
    expect(surge?.peakUpper).toBe(30)
    expect(surge?.probability).toBeCloseTo(1 - (0.1 + (0.4 * 1) / 6), 9)
  })

  it('finds none when capacity that is on its way will be there', () => {
    expect(
      detectSurge({ leads, levels, joint: null, capacity: [13, 40, 40, 40], minProbability: 0.5 }),
    ).toBeNull()
  })
})
