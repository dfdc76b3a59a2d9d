import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/rng.ts'
import { createEngine } from './engine.ts'
import { leadGrid, originStride } from './lead-grid.ts'
import { fromBrainFloat, toBrainFloat } from './numeric/brain-float.ts'
import { Slab } from './numeric/slab.ts'
import { OriginRing } from './origin-ring.ts'
import { binPosition, ResidualHistograms } from './residual-histogram.ts'

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]

describe('an error distribution', () => {
  const build = (memory: number) => {
    const slab = new Slab()
    return {
      slab,
      residuals: new ResidualHistograms(slab, Float64Array.of(memory), Float64Array.of(1), LEVELS),
    }
  }

  it('comes to the quantiles of what it is taught, and follows when that changes', () => {
    const { residuals } = build(100)
    const random = seededRandom(2)
    for (let i = 0; i < 2_000; i++) residuals.learn(0, binPosition(random()))
    for (const [q, level] of LEVELS.entries()) {
      expect(Math.abs((residuals.quantiles[q] ?? 0) - level)).toBeLessThan(0.25)
    }
    for (let i = 0; i < 1_000; i++) residuals.learn(0, binPosition(10 + random()))
    expect(residuals.quantiles[2]).toBeGreaterThan(9.5)
  })

  it('is the same after its quantiles were derived anew from the bins', () => {
    const random = seededRandom(3)
    for (const memory of [15, 100, 1_333]) {
      const { residuals } = build(memory)
      for (let i = 0; i < 3_000; i++) residuals.learn(0, binPosition(4 * random() - 1))
      const before = [...residuals.quantiles]
      residuals.refresh(0)
      expect([...residuals.quantiles]).toEqual(before)
    }
  })
})

describe('what waits for its target', () => {
  it('is not overwritten before the target has come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (horizon) => {
        const grid = leadGrid(horizon)
        const ring = new OriginRing(
          grid,
          grid.map(originStride),
          grid.map((_, g) => g),
        )
        const held = new Map<number, number>()
        for (let step = 0; step < 500; step++) {
          for (const [g, lead] of grid.entries()) {
            const due = ring.entry(g, step - lead)
            if (due >= 0) expect(held.get(due)).toBe(step - lead)
          }
          for (const g of grid.keys()) {
            const entry = ring.entry(g, step)
            if (entry >= 0) held.set(entry, step)
          }
        }
        expect(held.size).toBeLessThanOrEqual(ring.size)
      }),
      { numRuns: 20 },
    )
  })

  it('is kept to eight bits, zero and sleep exactly', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), (x) => {
        const kept = fromBrainFloat(toBrainFloat(x))
        expect(Math.abs(kept - x)).toBeLessThanOrEqual(Math.abs(x) / 256 + 1e-30)
      }),
    )
    expect(fromBrainFloat(toBrainFloat(0))).toBe(0)
    expect(fromBrainFloat(toBrainFloat(Number.NaN))).toBeNaN()
  })
})

describe('the panel', { timeout: 60_000 }, () => {
  it('keeps wide intervals on a quiet series that jumps now and then', () => {
    const random = seededRandom(31)
    const engine = createEngine({ stepSeconds: 300, horizon: 12, levels: [0.05, 0.5, 0.95], seed: 1 })
    let level = 200
    for (let i = 0; i < 1_500; i++) {
      if (random() < 0.03) level = 50 + 300 * random()
      engine.learn(level)
    }
    const { values } = engine.forecast()[11] ?? { values: [] }
    expect(Math.abs((values[1] ?? 0) / level - 1)).toBeLessThan(0.05)
    expect((values[2] ?? 0) - (values[0] ?? 0)).toBeGreaterThan(50)
  })

  it('finds a rhythm that is neither hour nor day', () => {
    const random = seededRandom(32)
    const engine = createEngine({ stepSeconds: 300, horizon: 12, levels: [0.05, 0.5, 0.95], seed: 1 })
    const value = (i: number) => (i % 47 < 9 ? 220 : 100) + 4 * random()
    const start = 47 * 24 - 6
    for (let i = 0; i <= start; i++) engine.learn(value(i))
    const medians = engine.forecast().map(({ values }) => values[1] ?? 0)
    expect(Math.max(...medians.slice(0, 5))).toBeLessThan(140)
    expect(Math.min(...medians.slice(7))).toBeGreaterThan(180)
  })

  it.each([10, 60, 300])(
    'holds its state within 128 KiB at a step of %i s and sixty leads',
    (stepSeconds) => {
      const levels = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
      const engine = createEngine({ stepSeconds, horizon: 60, levels, seed: 1 })
      expect(engine.stateBytes).toBeLessThan(128 * 1024)
    },
  )
})
