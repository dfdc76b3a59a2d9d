import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/rng.ts'
import { DEFAULT_LEVELS } from './contract.ts'
import { createEngine, modelVersion, restoreEngine } from './engine.ts'
import { forecasterContract } from './testing/forecaster-contract.ts'

forecasterContract('the engine', { create: createEngine, restore: restoreEngine })

const options = { stepSeconds: 300, horizon: 6, levels: DEFAULT_LEVELS, seed: 1 }
const series = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: 0, max: 1e4, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 1e9) },
  ),
  { minLength: 1, maxLength: 120 },
)

function forecastsOf(values: readonly number[]): string[] {
  const engine = createEngine(options)
  return values.map((value) => {
    engine.learn(value)
    return JSON.stringify(engine.forecast())
  })
}

// The longer series take seconds on a busy machine.
describe('engine', { timeout: 60_000 }, () => {
  it('sees no future: cutting the input short changes no earlier forecast', () => {
    fc.assert(
      fc.property(series, fc.nat(), (values, cut) => {
        const length = 1 + (cut % values.length)
        expect(forecastsOf(values.slice(0, length))).toEqual(forecastsOf(values).slice(0, length))
      }),
      { numRuns: 12 },
    )
  })

  it('explains exactly: contributions sum to the median minus the baseline, at every lead', () => {
    fc.assert(
      fc.property(series, fc.constantFrom(6, 40), (values, horizon) => {
        const engine = createEngine({ ...options, horizon })
        for (const value of values) engine.learn(value)
        for (const { lead, values: quantiles } of engine.forecast()) {
          const sum = engine.explain(lead).reduce((total, { value }) => total + value, engine.baseline)
          const median = quantiles[DEFAULT_LEVELS.indexOf(0.5)] ?? 0
          expect(Math.abs(sum - median)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(median)))
        }
      }),
      { numRuns: 12 },
    )
  })

  it('shows a season as season', () => {
    const engine = createEngine(options)
    for (let i = 0; i < 2 * 288 + 60; i++) engine.learn(100 + 60 * Math.sin((i * 2 * Math.PI) / 288))
    const parts = Object.fromEntries(engine.explain(6).map(({ group, value }) => [group, value]))
    const weights = engine.expertWeights(6)
    expect(weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
    expect(Math.abs((parts.level ?? 0) + (parts.season ?? 0) + (parts.momentum ?? 0))).toBeGreaterThan(30)
  })

  it('keeps its promise on steady noise: nine of ten values within the 90% interval', () => {
    const random = seededRandom(21)
    const engine = createEngine(options)
    for (let i = 0; i < 800; i++) engine.learn(100 + 20 * (random() + random() + random()))
    const { coverage90, count } = engine.measuredCoverage()
    expect(count).toBeGreaterThan(4000)
    expect(coverage90).toBeGreaterThan(0.86)
    expect(coverage90).toBeLessThan(0.94)
  })

  it('says zero where nothing smaller than the smallest demand was ever measured', () => {
    const random = seededRandom(8)
    const engine = createEngine(options)
    for (let i = 0; i < 800; i++) engine.learn(random() < 0.6 ? 0 : 10 + 30 * random())
    const values = engine.forecast().flatMap((lead) => lead.values)
    expect(values.filter((value) => value === 0).length).toBeGreaterThanOrEqual(3 * 6)
    expect(values.filter((value) => value > 0 && value < 5)).toEqual([])
    expect(engine.measuredCoverage().coverage90).toBeGreaterThan(0.85)
  })

  it('learns a long history to nearly the same forecast, leads in turn', () => {
    const random = seededRandom(17)
    const history = Array.from(
      { length: 2400 },
      (_, i) => 100 + 50 * Math.sin((i * 2 * Math.PI) / 288) + 5 * random(),
    )
    const [quick, full] = [createEngine(options), createEngine(options)]
    for (const [i, value] of history.entries()) {
      quick.learn(value, history.length - 1 - i)
      full.learn(value)
    }
    expect(quick.steps).toBe(full.steps)
    const [a, b] = [quick, full].map((engine) => engine.forecast()[5]?.values[4] ?? 0)
    expect(Math.abs((a ?? 0) / (b ?? 1) - 1)).toBeLessThan(0.02)
  })

  it('forecasts long horizons on a coarser grid of leads, every lead present', () => {
    const engine = createEngine({ ...options, stepSeconds: 60, horizon: 120 })
    for (let i = 0; i < 300; i++) engine.learn(50 + (i % 10))
    const leads = engine.forecast()
    expect(leads.map(({ lead }) => lead)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
    expect(engine.stateBytes).toBeLessThan(600_000)
  })

  it('refuses state of another model and damaged state', () => {
    const state = createEngine(options).toJSON()
    expect(() => restoreEngine({ ...state, modelVersion: 'other' })).toThrow(modelVersion)
    expect(() => restoreEngine({ ...state, columns: {} })).toThrow('column')
  })

  it.each([
    [{ ...options, levels: [0.9, 0.5] }, 'levels'],
    [{ ...options, levels: [0.1, 0.9] }, '0.5'],
    [{ ...options, horizon: 0 }, 'Horizon'],
    [{ ...options, stepSeconds: 0 }, 'Step'],
  ])('refuses options that make no sense (%#)', (wrong, named) => {
    expect(() => createEngine(wrong)).toThrow(named)
  })
})
