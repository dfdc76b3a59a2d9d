import { Burst } from './experts/burst.ts'
import { DirectRegression } from './experts/direct-regression.ts'
import { Drift } from './experts/drift.ts'
import { ExponentialMean } from './experts/exponential-mean.ts'
import { FoundPeriod } from './experts/found-period.ts'
import { HarmonicRegression } from './experts/harmonic-regression.ts'
import { LastValue } from './experts/last-value.ts'
import type { ExpertContext, PointExpert } from './experts/point-expert.ts'
import { Seasonal } from './experts/seasonal.ts'
import { SeasonalAutoregression } from './experts/seasonal-autoregression.ts'
import { SeasonalSmoothing } from './experts/seasonal-smoothing.ts'
import { DAY, WEEK, YESTERDAY } from './series.ts'

const SLOW_FORGETTING = 0.9995
const FAST_FORGETTING = 0.985

/** What a residual is divided by: local volatility, long-run volatility, or that times the relative level. */
export const SCALES = ['sigma', 'slow', 'level', 'steady'] as const
export type ScaleName = (typeof SCALES)[number]

/** A spread around one expert's location: which scale, and how many observations it remembers. */
export type Spread = { scale: ScaleName; memory: number }

type Entry = { build: (context: ExpertContext) => PointExpert; spreads: Spread[] }

const spread = (scale: ScaleName, memory: number): Spread => ({ scale, memory })

const ENTRIES = {
  last: {
    build: (c) => new LastValue(c),
    spreads: [spread('sigma', 40), spread('slow', 300), spread('steady', 4000)],
  },
  drift: { build: (c) => new Drift(c), spreads: [spread('sigma', 300)] },
  mean5: { build: (c) => new ExponentialMean(c, 1, 'mean of 5'), spreads: [spread('sigma', 300)] },
  mean20: { build: (c) => new ExponentialMean(c, 2, 'mean of 20'), spreads: [spread('slow', 300)] },
  mean80: { build: (c) => new ExponentialMean(c, 3, 'mean of 80'), spreads: [spread('slow', 300)] },
  day: { build: (c) => new Seasonal(c, DAY, 'same time of day', false), spreads: [spread('slow', 300)] },
  dayShifted: {
    build: (c) => new Seasonal(c, DAY, 'shape of the day', true),
    spreads: [spread('level', 300)],
  },
  yesterday: {
    build: (c) => new Seasonal(c, YESTERDAY, 'yesterday', false),
    spreads: [spread('slow', 300)],
  },
  week: { build: (c) => new Seasonal(c, WEEK, 'same time of week', false), spreads: [spread('slow', 300)] },
  foundPeriod: { build: (c) => new FoundPeriod(c), spreads: [spread('slow', 300)] },
  seasonalSmoothing: { build: (c) => new SeasonalSmoothing(c), spreads: [spread('sigma', 300)] },
  harmonic: { build: (c) => new HarmonicRegression(c), spreads: [spread('slow', 300)] },
  autoregression: { build: (c) => new SeasonalAutoregression(c), spreads: [spread('sigma', 300)] },
  burst: { build: (c) => new Burst(c), spreads: [spread('slow', 300)] },
  regression: {
    build: (c) =>
      new DirectRegression(c, c.identityFeatures, {
        name: 'regression',
        forgetting: SLOW_FORGETTING,
        leads: 'every',
      }),
    spreads: [spread('sigma', 300), spread('level', 2000)],
  },
  regressionFast: {
    build: (c) =>
      new DirectRegression(c, c.identityFeatures, {
        name: 'regression, fast',
        forgetting: FAST_FORGETTING,
        leads: 'some',
      }),
    spreads: [spread('sigma', 300), spread('slow', 40)],
  },
  logRegression: {
    build: (c) =>
      new DirectRegression(c, c.logFeatures, {
        name: 'log regression',
        forgetting: SLOW_FORGETTING,
        leads: 'some',
      }),
    spreads: [spread('slow', 2000)],
  },
} satisfies Record<string, Entry>

export type ExpertName = keyof typeof ENTRIES

export const EXPERT_NAMES = Object.keys(ENTRIES) as ExpertName[]

/** The entry of one expert: how to build it, and the spreads that it competes with. */
export function expertEntry(name: ExpertName): Entry {
  return ENTRIES[name]
}
