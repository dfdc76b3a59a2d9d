import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { independentLaw, regimeLaw, walkLaw } from './demand-law.ts'
import { exactOptimum } from './exact-optimum.ts'
import { judgeAgainstExact } from './judge.ts'

const BINOMIAL = independentLaw('binomial', [0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 8, 28, 56, 70, 56, 28, 8, 1])

describe('the exact optimum', () => {
  test('of independent demand is the newsvendor level, whatever the lead', () => {
    for (const leadSteps of [1, 2, 3]) {
      const { position, meanCost } = exactOptimum(BINOMIAL, { leadSteps, maxReplicas: 10, penalty: 20 })
      // P(D ≥ 7) = 9/256 < 1/20 ≤ P(D ≥ 6): six replicas, short by one or two with 8/256 and 1/256.
      expect(position(4, 6, new Array(leadSteps - 1).fill(0))).toBe(6)
      expect(meanCost).toBeCloseTo(6 + (20 * (8 + 2)) / 256, 5)
    }
  })

  test('knows that what was seen last tells about what comes', () => {
    const law = walkLaw('walk', [1, 2, 3, 4, 5, 6, 7, 8, 9], 0.4, 0)
    const { position } = exactOptimum(law, { leadSteps: 1, maxReplicas: 10, penalty: 20 })
    expect(position(0, 2, [])).toBeLessThan(position(8, 2, []))
  })
})

describe('the controller, told the true law, is within 3% of the exact optimum on the same draws', () => {
  const laws = [
    BINOMIAL,
    walkLaw('walk', [1, 2, 3, 4, 5, 6, 7, 8, 9], 0.5, 0.01),
    regimeLaw('bursts', [1, 2], [6, 8], 0.01, 0.2),
  ]
  test.each(laws)(
    '$name',
    (law) => {
      for (const leadSteps of [1, 2]) {
        for (const penalty of [20, 100]) {
          const pool = { leadSteps, maxReplicas: 10, penalty }
          const { cost, exactCost } = judgeAgainstExact(law, pool, 3_000, seededRandom(7))
          expect(cost / exactCost).toBeLessThanOrEqual(1.03)
        }
      }
    },
    20_000,
  )
})
