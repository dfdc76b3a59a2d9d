import type { BenchSeries } from './forecast-bench.ts'
import { maseScale } from './scores.ts'
import { originsOf } from './series-catalogue.ts'

const LENGTH = 2_400
const HORIZON = 12
const STEP_SECONDS = 300
const STEPS_PER_DAY = 288

type Shape = (i: number, noise: number, uniform: number) => number

/** Kinds of demand that a service meets; `noise` is about standard normal, `uniform` within [0, 1). */
const SHAPES: Record<string, Shape> = {
  'diurnal chat': (i, noise) => 100 + 60 * daily(i) + 6 * noise,
  'bursty code assistant': (_, noise, uniform) => (uniform < 0.3 ? 40 * Math.exp(0.8 * noise) : 0),
  'nightly batch': (i, noise) => (i % STEPS_PER_DAY < 36 ? 500 + 20 * noise : 5 + noise),
  'training cluster': (i, noise) => 64 * (1 + (Math.floor(i / 170) % 3)) + 0.5 * noise,
  'level shift': (i, noise) => (i > 1_500 ? 260 : 100) + 8 * noise,
}

/** One seeded series per kind, each with forty origins in its second half. */
export function syntheticSeries(random: () => number): BenchSeries[] {
  return Object.entries(SHAPES).map(([id, shape]) => {
    const values = Array.from({ length: LENGTH }, (_, i) => {
      const noise = random() + random() + random() + random() - 2
      return Math.max(0, shape(i, noise * Math.sqrt(3), random()))
    })
    return {
      id,
      group: 'synthetic',
      startSeconds: 0,
      stepSeconds: STEP_SECONDS,
      horizon: HORIZON,
      maseScale: maseScale(values, STEPS_PER_DAY),
      values,
      ...originsOf(LENGTH, HORIZON),
    }
  })
}

const daily = (i: number): number => Math.sin((2 * Math.PI * i) / STEPS_PER_DAY)
