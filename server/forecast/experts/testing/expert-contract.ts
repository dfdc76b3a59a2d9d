import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/rng.ts'
import { FeatureWindow } from '../../features.ts'
import { leadGrid } from '../../lead-grid.ts'
import { Slab } from '../../numeric/slab.ts'
import { Series } from '../../series.ts'
import { hardSeries, noisyDay } from '../../testing/series.ts'
import type { ExpertContext, PointExpert } from '../point-expert.ts'

const HORIZON = 24
const STEP_SECONDS = 3_600

/** Poison never reaches an expert: the engine tells it as a gap. */
const { poison: _, ...survived } = hardSeries
const day = noisyDay(24)
const bursts = hardSeries['rare bursts'] ?? day
const LENGTH = 420

/** One expert on its own, driven as the engine drives it. */
class Stand {
  readonly slab = new Slab()
  readonly series: Series
  readonly expert: PointExpert
  private readonly windows: FeatureWindow[]
  private readonly out: Float32Array

  constructor(build: (context: ExpertContext) => PointExpert) {
    const grid = leadGrid(HORIZON)
    const series = new Series(this.slab, STEP_SECONDS, grid)
    const window = (name: string, space: Series['identity']) =>
      new FeatureWindow(this.slab, name, space, series, HORIZON + 1)
    const identityFeatures = window('identity', series.identity)
    const logFeatures = window('log', series.log)
    this.series = series
    this.windows = [identityFeatures, logFeatures]
    this.out = new Float32Array(grid.length)
    this.expert = build({ slab: this.slab, series, grid, identityFeatures, logFeatures })
  }

  learn(value: number): void {
    const step = this.series.steps
    this.series.learn(value)
    for (const window of this.windows) window.project()
    this.expert.learn()
    for (const window of this.windows) window.write(step)
  }

  locate(): number[] {
    this.expert.locate(this.out, 0)
    return [...this.out]
  }

  restore(json: Record<string, string>): void {
    this.slab.restore(json)
    for (const window of this.windows) window.project()
  }

  get bytes(): string {
    return JSON.stringify(this.slab)
  }
}

/**
 * What every expert promises: causal, pure, restored from JSON to the same bytes, the same size of state however long
 * it lives, a finite location or sleep on any series, and an explanation that adds up. Run it over a new expert:
 * `expertContract('mine', (context) => new Mine(context))`.
 */
export function expertContract(name: string, build: (context: ExpertContext) => PointExpert): void {
  describe(`expert ${name} keeps the contract`, { timeout: 30_000 }, () => {
    for (const [kind, valueAt] of Object.entries({ 'a noisy day': day, ...survived })) {
      it(`says a finite place or sleeps, and explains it, on ${kind}`, () => {
        const stand = new Stand(build)
        const random = seededRandom(3)
        const size = stand.slab.byteLength
        for (let i = 0; i < LENGTH; i++) {
          stand.learn(valueAt(i, random))
          if (stand.series.identity.count > 0) expectSound(stand)
        }
        expect(stand.slab.byteLength).toBe(size)
      })
    }

    it('sees no future: what it says at a step is the same whatever comes after', () => {
      const run = (end: number) => {
        const stand = new Stand(build)
        const random = seededRandom(4)
        const said: string[] = []
        for (let i = 0; i < 260; i++) {
          stand.learn(i < end ? day(i, random) : 1e5)
          said.push(JSON.stringify(stand.locate()))
        }
        return said.slice(0, end)
      }
      expect(run(200)).toEqual(run(260).slice(0, 200))
    })

    it('asks change nothing, and the same input gives the same bytes', () => {
      const run = (asks: number) => {
        const stand = new Stand(build)
        const random = seededRandom(5)
        for (let i = 0; i < 200; i++) {
          stand.learn(i % 13 === 0 ? Number.NaN : bursts(i, random))
          for (let k = 0; k < asks; k++) {
            stand.locate()
            if (stand.series.identity.count > 0) stand.expert.explain(k)
          }
        }
        return stand.bytes
      }
      expect(run(0)).toBe(run(2))
    })

    it('restores from JSON to the same bytes, then and after learning on', () => {
      const original = new Stand(build)
      const random = seededRandom(6)
      const value = (i: number) => (i % 11 === 0 ? Number.NaN : day(i, random))
      for (let i = 0; i < 180; i++) original.learn(value(i))
      const restored = new Stand(build)
      restored.restore(JSON.parse(original.bytes))
      expect(restored.locate()).toEqual(original.locate())
      for (let i = 180; i < 260; i++) {
        const next = value(i)
        original.learn(next)
        restored.learn(next)
      }
      expect(restored.bytes).toBe(original.bytes)
    })
  })
}

function expectSound(stand: Stand): void {
  const { series, expert } = stand
  const space = expert.logarithmic ? series.log : series.identity
  for (const [g, place] of stand.locate().entries()) {
    if (Number.isNaN(place)) continue
    expect(Number.isFinite(place)).toBe(true)
    const { level, trend, season, momentum } = expert.explain(g)
    const explained = space.inverse(space.mean(4) + level + trend + season + momentum)
    // Places are kept in single precision.
    expect(Math.abs(explained - place)).toBeLessThanOrEqual(1e-5 * (Math.abs(place) + space.sigma) + 1e-9)
  }
}
