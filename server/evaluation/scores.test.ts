import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  coverage,
  geometricMean,
  mase,
  maseScale,
  pinballLoss,
  scoreForecasts,
  weightedQuantileLoss,
} from './scores.ts'

const levels = [0.1, 0.5, 0.9]
const judged = (values: number[], actual: number) => ({ lead: 1, levels, values, actual })

describe('scores', () => {
  it('charges a quantile by its level on one side and by the rest on the other', () => {
    expect(pinballLoss(0.9, 10, 12)).toBeCloseTo(1.8, 12)
    expect(pinballLoss(0.9, 12, 10)).toBeCloseTo(0.2, 12)
  })

  it('weights the loss by what was measured and leaves missing values out', () => {
    const all = [judged([8, 10, 14], 12), judged([0, 0, 0], Number.NaN)]
    expect(weightedQuantileLoss(all, [0.1, 0.5, 0.9])).toBeCloseTo((2 * (0.4 + 1 + 0.2)) / 3 / 12, 12)
    expect(scoreForecasts(all, 4)).toMatchObject({ count: 1, mase: 0.5 })
  })

  it('is least for the truth: no forecast beats a perfect one', () => {
    const anyForecast = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
      minLength: 3,
      maxLength: 3,
    })
    fc.assert(
      fc.property(anyForecast, fc.double({ min: 1, max: 100, noNaN: true }), (values, actual) => {
        expect(weightedQuantileLoss([judged(values, actual)], levels)).toBeGreaterThanOrEqual(0)
        expect(weightedQuantileLoss([judged([actual, actual, actual], actual)], levels)).toBe(0)
      }),
    )
  })

  it('counts what an interval held', () => {
    const all = [
      judged([1, 2, 3], 1),
      judged([1, 2, 3], 3.1),
      judged([1, 2, 3], 2),
      judged([1, 2, 3], Number.NaN),
    ]
    expect(coverage(all, 0.1, 0.9)).toBeCloseTo(2 / 3, 12)
    expect(coverage([], 0.1, 0.9)).toBeNaN()
  })

  it('scales by the in-sample error of the seasonal naive forecast', () => {
    expect(maseScale([1, 2, Number.NaN, 4, 8], 1)).toBe(2.5)
    expect(mase([judged([0, 5, 9], 10)], 2.5)).toBe(2)
    expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12)
  })
})
