import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { createEngine, type Engine, restoreEngine } from '../engine.ts'

const LEVELS = [0.05, 0.5, 0.95]
const HORIZON = 4
const options = { stepSeconds: 300, horizon: HORIZON, levels: LEVELS, seed: 1 }

const rows = (of: (lead: number, level: number) => number) =>
  Array.from({ length: HORIZON }, (_, i) => LEVELS.map((level) => of(i + 1, level)))

function asked(engine: Engine) {
  return JSON.stringify([engine.forecast(), engine.expertWeights(2), engine.explain(3), engine.regret()])
}

describe('a forecaster outside of the engine', () => {
  it('carries the forecast once it has proven better, and is silent where nothing was offered', () => {
    const random = seededRandom(3)
    const values = Array.from({ length: 1500 }, () => 100 * random())
    const engine = createEngine(options)
    for (const [t, value] of values.entries()) {
      engine.learn(value)
      // It knows what comes, and so must win.
      if (t < 1400)
        engine.offer(
          'oracle',
          rows((lead) => values[t + lead] ?? 50),
        )
    }
    expect(engine.expertWeights(1).some(({ name }) => name === 'oracle')).toBe(false)
    engine.offer(
      'oracle',
      rows(() => 42),
    )
    expect(engine.expertWeights(1)[0]?.name).toBe('oracle')
    expect(engine.expertWeights(1)[0]?.weight).toBeGreaterThan(0.5)
    expect(engine.expertWeights(1).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
    expect(engine.regret()[0]?.bestExpert).toBe('oracle')
  })

  it('cannot make quantiles cross, fall below zero or leave the cap, whatever it offers', () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true })
    const offer = fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), {
      minLength: HORIZON,
      maxLength: HORIZON,
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), offer), { maxLength: 40 }),
        (told) => {
          const engine = createEngine(options)
          for (const [value, quantiles] of told) {
            engine.learn(value)
            engine.offer('wild', quantiles)
            for (const { lead, values } of engine.forecast()) {
              expect(values.every((quantile, q) => quantile >= (values[q - 1] ?? 0) && quantile <= 2e4)).toBe(
                true,
              )
              const sum = engine.explain(lead).reduce((total, part) => total + part.value, engine.baseline)
              expect(Math.abs(sum - (values[1] ?? 0))).toBeLessThanOrEqual(1e-9 * Math.max(1, values[1] ?? 0))
            }
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is remembered: a restored engine says the same of the origin it was offered for, and later', () => {
    const random = seededRandom(8)
    const engine = createEngine(options)
    for (let t = 0; t < 120; t++) {
      engine.learn(20 + 5 * random())
      engine.offer(
        'theirs',
        rows((lead, level) => 20 + lead + 5 * level),
      )
    }
    const restored = restoreEngine(JSON.parse(JSON.stringify(engine)))
    expect(asked(restored)).toBe(asked(engine))
    for (const each of [engine, restored]) {
      each.learn(23)
      each.offer(
        'theirs',
        rows((lead, level) => 21 + lead + 5 * level),
      )
    }
    expect(asked(restored)).toBe(asked(engine))
    expect(JSON.stringify(restored)).toBe(JSON.stringify(engine))
  })

  it('leaves what was said without it at hand, for its origin alone', () => {
    const engine = createEngine(options)
    const alone = createEngine(options)
    for (const value of [5, 6, 7, 8]) for (const each of [engine, alone]) each.learn(value)
    expect(engine.forecastWithoutOffer()).toBeNull()
    const loud = rows((lead, level) => 100 + lead + level)
    engine.offer('loud', loud)
    engine.offer('loud', loud)
    expect(engine.forecastWithoutOffer()).toEqual(alone.forecast())
    expect(engine.forecast()).not.toEqual(alone.forecast())
    engine.learn(9)
    expect(engine.forecastWithoutOffer()).toBeNull()
  })

  it('is refused when its shape is wrong, with what would be right', () => {
    const engine = createEngine(options)
    engine.learn(5)
    expect(() => engine.offer('short', [[1, 2, 3]])).toThrow('expected 4')
    expect(() =>
      engine.offer(
        'thin',
        rows(() => 1).map((row) => row.slice(1)),
      ),
    ).toThrow('3 finite quantiles for lead 1')
    expect(() =>
      engine.offer(
        'blind',
        rows(() => Number.NaN),
      ),
    ).toThrow('finite')
  })
})
