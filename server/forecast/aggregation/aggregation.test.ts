import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { DEFAULT_LEVELS } from '../contract.ts'
import { createEngine } from '../engine.ts'
import { leadGrid } from '../lead-grid.ts'
import { Slab } from '../numeric/slab.ts'
import { Series } from '../series.ts'
import { Aggregation } from './aggregation.ts'
import type { QuantileExpert } from './quantile-expert.ts'

const LEVELS = [0.1, 0.5, 0.9]
const HORIZON = 6
const WIDTH = HORIZON * LEVELS.length

/** An expert that says whatever `opinion` holds: the same for every lead and level. */
class Puppet implements QuantileExpert {
  readonly name: string
  opinion = 0
  constructor(name: string) {
    this.name = name
  }
  learn(): void {}
  locate(out: Float64Array, offset: number): void {
    out.fill(this.opinion, offset, offset + WIDTH)
  }
}

function stage(names: readonly string[]) {
  const slab = new Slab()
  const series = new Series(slab, 300, leadGrid(HORIZON))
  const puppets = names.map((name) => new Puppet(name))
  const voices = puppets.map((expert) => ({ expert, prior: 1 }))
  const aggregation = new Aggregation(slab, series, voices, { levels: LEVELS, horizon: HORIZON })
  const out = new Float64Array(WIDTH)
  const step = (value: number, opinions: readonly number[]) => {
    const now = series.steps
    series.learn(value)
    if (!Number.isNaN(value)) aggregation.learn(now, value)
    for (const [k, puppet] of puppets.entries()) puppet.opinion = opinions[k] ?? Number.NaN
    aggregation.speak(now, out, !Number.isNaN(value))
  }
  return { aggregation, step, out }
}

const amount = fc.double({ min: 0, max: 1e6, noNaN: true })
const maybe = fc.oneof({ weight: 5, arbitrary: amount }, fc.constant(Number.NaN))
const steps = fc.array(fc.tuple(maybe, fc.array(maybe, { minLength: 3, maxLength: 3 })), { maxLength: 250 })

describe('aggregation', () => {
  it('regrets no more than its bound, lateness measured, whatever is said and whatever comes', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const { aggregation, step } = stage(['a', 'b', 'c'])
        for (const [value, opinions] of sequence) {
          step(value, opinions)
          for (const { regret, bound } of aggregation.regret()) {
            expect(regret).toBeLessThanOrEqual(bound + 1e-4 * Math.max(1, bound))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  it('follows the expert that is right, and says whom it regrets', () => {
    const { aggregation, step, out } = stage(['wrong', 'right', 'asleep'])
    const random = seededRandom(2)
    for (let t = 0; t < 3000; t++) step(100 + random(), [110, 100.5, Number.NaN])
    expect(out[WIDTH - 2]).toBeCloseTo(100.5, 1)
    expect(aggregation.share(1, HORIZON - 1, 1)).toBeGreaterThan(0.9)
    expect(aggregation.share(2, HORIZON - 1, 1)).toBe(0)
    const found = aggregation.regret()
    expect(found.map(({ fromLead, toLead }) => [fromLead, toLead])).toEqual([
      [1, 1],
      [2, 2],
      [3, 6],
    ])
    for (const { bestExpert, rounds, regret } of found) {
      expect(bestExpert).toBe('right')
      expect(rounds).toBeGreaterThan(1900)
      expect(regret).toBeGreaterThan(0)
    }
  })

  it('says what the best expert lost itself, over the same rounds', () => {
    const { aggregation, step } = stage(['far', 'exact', 'near'])
    for (let t = 0; t < 200; t++) step(50 + (t % 3), [60, 50 + ((t + 1) % 3), 51])
    const [next] = aggregation.regret()
    expect(next?.bestExpert).toBe('exact')
    expect(next?.bestLoss).toBeCloseTo(0, 6)
    const alone = stage(['near'])
    for (let t = 0; t < 200; t++) alone.step(50 + (t % 3), [51])
    const [only] = alone.aggregation.regret()
    expect(only?.regret).toBeCloseTo(0, 6)
    expect(only?.bestLoss).toBeGreaterThan(0)
  })

  it('judges an expert only by the rounds in which it was awake', () => {
    const { aggregation, step } = stage(['steady', 'late'])
    for (let t = 0; t < 400; t++) step(50 + (t % 3), [60, t < 150 ? Number.NaN : 51])
    const [first] = aggregation.regret()
    expect(first?.bestExpert).toBe('late')
    expect(first?.rounds).toBe(249)
  })

  it('holds its bound within the engine, on noise, seasons, steps, bursts and gaps', {
    timeout: 60_000,
  }, () => {
    const shapes: ((i: number, random: () => number) => number)[] = [
      (_, random) => 100 + 20 * random(),
      (i, random) => 100 + 60 * Math.sin((i * 2 * Math.PI) / 96) + 10 * random(),
      (i, random) => (Math.floor(i / 150) % 2 === 0 ? 10 : 1000) + random(),
      (_, random) => (random() < 0.8 ? 0 : 40 * random()),
      (i, random) => (i % 9 < 3 ? Number.NaN : 1e9 * random() ** 8),
    ]
    for (const [kind, shape] of shapes.entries()) {
      const random = seededRandom(kind)
      const engine = createEngine({ stepSeconds: 900, horizon: 6, levels: DEFAULT_LEVELS, seed: 1 })
      for (let i = 0; i < 400; i++) engine.learn(shape(i, random))
      const found = engine.regret()
      expect(found).toHaveLength(3)
      for (const { regret, bound } of found) expect(regret).toBeLessThanOrEqual(bound)
    }
  })
})
