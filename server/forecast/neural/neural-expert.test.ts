import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { type ExpertContext, levelParts, type PointExpert } from '../experts/point-expert.ts'
import { expertContract } from '../experts/testing/expert-contract.ts'
import { FeatureWindow } from '../features.ts'
import { leadGrid } from '../lead-grid.ts'
import { Slab } from '../numeric/slab.ts'
import { Series } from '../series.ts'
import shipped from './base-0.json' with { type: 'json' }
import { type BaseModel, baseHash, readBase, StoredBaseSchema } from './base-model.ts'
import { trainBase } from './base-recipe.ts'
import { ROW } from './net-shape.ts'
import { NeuralExpert } from './neural-expert.ts'
import { REPLAY_ROWS, ReplayBuffer } from './replay-buffer.ts'

const LEVELS = [0.05, 0.1, 0.5, 0.9, 0.95, 0.99]
const HORIZON = 12
/** Printed by `infrasage model train`; another one means that inputs or recipe changed and the base must be trained anew. */
const SHIPPED_HASH = '7db21d7a04e2fc9db5b38a69153fe5b1525cf5037954b0f25d012862ad5a7403'
const base = readBase(StoredBaseSchema.parse(shipped))

/** An expert on a series of its own, fed by `learn`. */
function rig(model = base) {
  const slab = new Slab()
  const grid = leadGrid(HORIZON)
  const series = new Series(slab, 300, grid)
  const features = new FeatureWindow(slab, 'identity', series.identity, series, HORIZON + 1)
  const before = slab.byteLength
  const expert = new NeuralExpert({
    slab,
    series,
    grid,
    features,
    levels: LEVELS,
    seed: 1,
    base: model,
  })
  const quantiles = new Float64Array(grid.length * LEVELS.length)
  return {
    slab,
    bytes: slab.byteLength - before,
    learn: (value: number) => {
      series.learn(value)
      features.project()
      expert.learn()
      features.write(series.steps - 1)
    },
    locate: () => {
      expert.locate(quantiles, 0)
      return quantiles
    },
  }
}

/** Its median, so that it runs through the contract of every other expert. */
function medianOf({ slab, series, grid, identityFeatures }: ExpertContext): PointExpert {
  const shape = { slab, series, grid, features: identityFeatures, levels: [0.5], seed: 1, base }
  const expert = new NeuralExpert(shape)
  const median = new Float64Array(grid.length)
  return {
    name: expert.name,
    logarithmic: false,
    learn: () => expert.learn(),
    locate: (out, offset) => {
      expert.locate(median, 0)
      out.set(median, offset)
    },
    explain: (g) => {
      expert.locate(median, 0)
      return levelParts(series, median[g] ?? 0)
    },
  }
}
expertContract('neural net', medianOf)

describe('the neural expert', () => {
  const kinds: Record<string, (i: number, random: () => number) => number> = {
    zeros: () => 0,
    'a constant': () => 42,
    'steps of 10^6': (i) => (Math.floor(i / 50) % 2 === 0 ? 3 : 3e6),
    counts: (_, random) => (random() < 0.8 ? 0 : Math.floor(20 * random())),
    gaps: (i, random) => (i % 7 < 3 ? Number.NaN : 50 + random()),
    'a tiny scale': (_, random) => 1e-9 * random(),
    'a huge scale': (_, random) => 1e17 * random(),
  }
  for (const [kind, valueAt] of Object.entries(kinds)) {
    test(`speaks in finite, ordered quantiles on ${kind}`, () => {
      const random = seededRandom(3)
      const { learn, locate } = rig()
      for (let i = 0; i < 600; i++) {
        learn(valueAt(i, random))
        if (i < 10 || i % 11 !== 0) continue
        const quantiles = locate()
        for (const [cell, value] of quantiles.entries()) {
          expect(Number.isFinite(value), `step ${i}`).toBe(true)
          if (cell % LEVELS.length > 0) expect(value).toBeGreaterThanOrEqual(quantiles[cell - 1] ?? 0)
        }
      }
    })
  }

  test('sleeps until the third value', () => {
    const { learn, locate } = rig()
    learn(5)
    learn(6)
    expect(locate().every(Number.isNaN)).toBe(true)
    learn(7)
    expect(locate().some(Number.isNaN)).toBe(false)
  })

  test('is the same on any scale', () => {
    const at = (scale: number) => {
      const random = seededRandom(8)
      const { learn, locate } = rig()
      for (let i = 0; i < 400; i++) learn(scale * (20 + 5 * random()))
      return locate().map((value) => value / scale)
    }
    const [one, thousand] = [at(1), at(1024)]
    for (const [cell, value] of one.entries()) expect(thousand[cell]).toBeCloseTo(value, 4)
  })

  test('learns what is particular to a workload, as the base alone does not', () => {
    const lossOver = (model: BaseModel) => {
      const random = seededRandom(2)
      const { learn, locate } = rig(model)
      let loss = 0
      for (let i = 0; i < 4_000; i++) {
        const next = random() < 0.15 ? 160 : 100 + random()
        if (i >= 3_000) {
          for (const [q, level] of LEVELS.entries()) {
            const error = next - (locate()[q] ?? 0)
            loss += error > 0 ? level * error : (level - 1) * error
          }
        }
        learn(next)
      }
      return loss
    }
    const fixed = { ...base, rates: base.rates.map(() => 0) }
    expect(lossOver(base)).toBeLessThan(0.95 * lossOver(fixed))
  })

  test('goes on from its saved state to the same bytes', () => {
    const random = seededRandom(6)
    const [first, second] = [rig(), rig()]
    for (let i = 0; i < 300; i++) first.learn(10 + 3 * random())
    second.slab.restore(first.slab.toJSON())
    for (let i = 0; i < 100; i++) {
      const value = 10 + 3 * random()
      first.learn(value)
      second.learn(value)
    }
    expect(second.slab.toJSON()).toEqual(first.slab.toJSON())
    expect(second.locate()).toEqual(first.locate())
  })

  test('keeps less than ten kilobytes', () => {
    expect(rig().bytes).toBeLessThan(10_000)
  })
})

test('the replay buffer is a uniform sample of the past, the same for the same seed', () => {
  const kept = (seed: number) => {
    const buffer = new ReplayBuffer(new Slab(), seed)
    for (let i = 0; i < 1_000; i++) {
      const slot = buffer.place()
      if (slot >= 0) buffer.put(slot, new Float64Array(ROW - 1), i)
    }
    return Array.from({ length: REPLAY_ROWS }, (_, row) => buffer.rows[row * ROW + ROW - 1] ?? -1)
  }
  expect(kept(3)).toEqual(kept(3))
  const quarters = [0, 0, 0, 0]
  for (let seed = 0; seed < 100; seed++) {
    for (const i of kept(seed)) quarters[Math.floor(i / 250)] = (quarters[Math.floor(i / 250)] ?? 0) + 1
  }
  // 6,400 draws: a quarter each, within four standard deviations.
  for (const count of quarters) expect(Math.abs(count - 1_600)).toBeLessThan(140)
})

describe('a base', () => {
  const tiny = { seed: 7, seriesPerKind: 2, rowsPerSeries: 40, passes: 2, rate: 0.01 }
  const trained = () => {
    const training = trainBase(tiny)
    for (;;) {
      const { done, value } = training.next()
      if (done) return value
    }
  }
  test('is trained to the same bytes from the same seed', () => {
    expect(trained()).toEqual(trained())
  })
  test('as shipped is what the command trained', () => {
    expect(baseHash(StoredBaseSchema.parse(shipped))).toBe(SHIPPED_HASH)
  })
})
