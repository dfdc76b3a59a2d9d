import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import type { Forecaster, ForecasterOptions, ForecasterState } from '../forecaster.ts'
import { hardSeries, noisyDay } from './series.ts'

export type ForecasterFactory = {
  create: (options: ForecasterOptions) => Forecaster
  restore: (state: ForecasterState) => Forecaster
}

const OPTIONS: ForecasterOptions = { stepSeconds: 300, horizon: 6, levels: [0.05, 0.5, 0.95], seed: 7 }

const day = noisyDay(288)

/** What every forecaster promises. Run it over each implementation: `forecasterContract('mine', factory)`. */
export function forecasterContract(name: string, factory: ForecasterFactory): void {
  describe(`${name} keeps the forecaster contract`, { timeout: 30_000 }, () => {
    for (const [kind, valueAt] of Object.entries({ 'a noisy day': day, ...hardSeries })) {
      it(`gives finite, ordered, non-negative quantiles on ${kind}`, () => {
        const random = seededRandom(3)
        const forecaster = factory.create(OPTIONS)
        for (let i = 0; i < 330; i++) {
          forecaster.learn(valueAt(i, random))
          if (i % 10 === 0 || i < 5) expectSound(forecaster)
        }
      })
    }

    it('restores from JSON to the same bytes, then and after learning on', () => {
      const random = seededRandom(5)
      const original = factory.create(OPTIONS)
      for (let i = 0; i < 90; i++) original.learn(i % 11 === 0 ? Number.NaN : day(i, random))
      const restored = factory.restore(JSON.parse(JSON.stringify(original)))
      expect(restored.forecast()).toEqual(original.forecast())
      for (let i = 90; i < 150; i++) {
        const next = day(i, random)
        original.learn(next)
        restored.learn(next)
      }
      expect(JSON.stringify(restored)).toBe(JSON.stringify(original))
      expect(restored.forecast()).toEqual(original.forecast())
    })

    it('gives the same bytes for the same input and seed, however often it is asked', () => {
      const run = (asks: number) => {
        const random = seededRandom(9)
        const forecaster = factory.create(OPTIONS)
        for (let i = 0; i < 120; i++) {
          forecaster.learn(20 + 5 * random())
          for (let k = 0; k < asks; k++) forecaster.forecast()
        }
        return JSON.stringify([forecaster, forecaster.forecast()])
      }
      expect(run(0)).toBe(run(2))
    })

    it('learns nothing from poison: it is a gap like any other', () => {
      const run = (poison: number) => {
        const random = seededRandom(11)
        const forecaster = factory.create(OPTIONS)
        for (let i = 0; i < 100; i++) forecaster.learn(i % 9 === 4 ? poison : 20 + 5 * random())
        return JSON.stringify(forecaster)
      }
      const gap = run(Number.NaN)
      for (const poison of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1])
        expect(run(poison)).toBe(gap)
    })
  })
}

function expectSound(forecaster: Forecaster): void {
  const leads = forecaster.forecast()
  expect(leads.map(({ lead }) => lead)).toEqual([1, 2, 3, 4, 5, 6])
  for (const { values } of leads) {
    expect(values).toHaveLength(OPTIONS.levels.length)
    for (const [q, value] of values.entries()) {
      expect(Number.isFinite(value)).toBe(true)
      expect(value).toBeGreaterThanOrEqual(values[q - 1] ?? 0)
    }
  }
}
