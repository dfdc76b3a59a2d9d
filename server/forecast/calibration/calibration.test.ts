import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { DEFAULT_LEVELS } from '../contract.ts'
import { createEngine } from '../engine.ts'
import { Slab } from '../numeric/slab.ts'
import { Calibration } from './calibration.ts'
import { limitQuantiles } from './limits.ts'

const GRID = [1, 2, 3]
const LEVELS = [0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99]
/** Of a logistic distribution, whose quantiles are straight on the logit scale. */
const LOGITS = LEVELS.map((level) => Math.log(level / (1 - level)))
const WIDTH = LEVELS.length

/** Coverage of a forecaster that states logistic quantiles of `stated` scale for values of scale one. */
function calibrate(
  stated: number,
  steps: number,
): { calibration: Calibration; late: number; rows: Float64Array } {
  const options = { levels: LEVELS, horizon: 3, stepSeconds: 3600, startSeconds: 0 }
  const calibration = new Calibration(new Slab(), GRID, options)
  const random = seededRandom(6)
  const rows = new Float64Array(GRID.length * WIDTH)
  let held = 0
  for (let t = 0; t < steps; t++) {
    const uniform = random()
    const value = 100 + Math.log(uniform / (1 - uniform))
    if (t > 0) {
      calibration.learn(t, value)
      // The first lead of the rows issued a step ago.
      if (2 * t > steps && value >= (rows[1] ?? 0) && value <= (rows[5] ?? 0)) held++
    }
    for (let i = 0; i < rows.length; i++) rows[i] = 100 + stated * (LOGITS[i % WIDTH] ?? 0)
    calibration.apply(rows)
    calibration.record(t, rows, true)
  }
  return { calibration, late: (2 * held) / steps, rows }
}

describe('calibration', () => {
  it.each([0.75, 1, 1.25])(
    'keeps its word for quantiles that are stated %f times as wide as they are',
    (stated) => {
      const { late, rows } = calibrate(stated, 4000)
      expect(Math.abs(late - 0.9)).toBeLessThan(0.03)
      for (let i = 1; i < WIDTH; i++) expect(rows[i]).toBeGreaterThan(rows[i - 1] ?? 0)
      expect(rows[3]).toBe(100)
    },
  )

  it('counts what was issued, as it was issued, by lead and by hour of the measured value', () => {
    const startSeconds = 22 * 3600
    const engine = createEngine({
      stepSeconds: 1200,
      horizon: 6,
      levels: DEFAULT_LEVELS,
      seed: 1,
      startSeconds,
    })
    const random = seededRandom(12)
    const issued: { low: number; high: number }[][] = []
    const byLead = Array.from({ length: 6 }, () => [0, 0])
    const byHour = Array.from({ length: 24 }, () => [0, 0])
    for (let t = 0; t < 300; t++) {
      const value = t % 17 === 5 ? Number.NaN : Math.fround(80 + 30 * random())
      const hour = Math.floor((startSeconds + t * 1200) / 3600) % 24
      for (let lead = 1; lead <= 6; lead++) {
        const ends = issued[t - lead]?.[lead - 1]
        if (ends === undefined || Number.isNaN(value)) continue
        const held = value >= ends.low && value <= ends.high ? 1 : 0
        for (const counts of [byLead[lead - 1], byHour[hour]]) {
          if (counts === undefined) continue
          counts[0] = (counts[0] ?? 0) + held
          counts[1] = (counts[1] ?? 0) + 1
        }
      }
      engine.learn(value)
      const ends = engine.forecast().map(({ values }) => ({
        low: Math.fround(values[1] ?? 0),
        high: Math.fround(values[7] ?? 0),
      }))
      issued.push(Number.isNaN(value) ? [] : ends)
    }
    const view = engine.calibrated()
    expect(view?.byLead.map(({ held, count }) => [Math.round((held ?? 0) * count), count])).toEqual(byLead)
    expect(view?.byHour.map(({ held, count }) => [Math.round((held ?? 0) * count), count])).toEqual(byHour)
    const judged = byLead.reduce((sum, [, count]) => sum + (count ?? 0), 0)
    expect(engine.measuredCoverage().count).toBe(judged)
  })

  it('learns nothing about the lower end from a zero that it said', () => {
    const options = { levels: LEVELS, horizon: 1, stepSeconds: 60, startSeconds: 0 }
    const slab = new Slab()
    const calibration = new Calibration(slab, [1], options)
    const before = slab.toJSON()['calibration.low']
    for (let t = 0; t < 200; t++) {
      calibration.record(t, Float64Array.of(0, 0, 0, 0, 3, 4, 5), true)
      calibration.learn(t + 1, 0)
    }
    expect(slab.toJSON()['calibration.low']).toBe(before)
    expect(slab.toJSON()['calibration.high']).not.toBe(before)
  })

  it('has no interval to speak of where nobody asked for one', () => {
    const engine = createEngine({ stepSeconds: 60, horizon: 3, levels: [0.5, 0.8], seed: 1 })
    for (let t = 0; t < 50; t++) engine.learn(10 + (t % 3))
    expect(engine.calibrated()).toBeNull()
    expect(engine.measuredCoverage()).toEqual({ coverage90: null, count: 0 })
  })

  it('puts any rows in order and within bounds', () => {
    const any = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1e6, noNaN: true }), (row, cap) => {
        const values = Float64Array.from(row)
        limitQuantiles(values, 4, cap, 0)
        for (let i = 0; i < 8; i++) {
          expect(values[i]).toBeGreaterThanOrEqual(i % 4 === 0 ? 0 : (values[i - 1] ?? 0))
          expect(values[i]).toBeLessThanOrEqual(cap)
        }
      }),
    )
  })
})
