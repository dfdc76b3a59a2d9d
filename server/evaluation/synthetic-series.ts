import type { BenchSeries } from './forecast-bench.ts'
import { maseScale } from './scores.ts'
import { originsOf } from './series-catalogue.ts'

const HORIZON = 12
const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

/** What a kind of demand is drawn from: its time, and its seeded chance. */
type Moment = {
  i: number
  /** Seconds since the start, a Monday at midnight. */
  seconds: number
  /** About standard normal. */
  normal: () => number
  /** In [0, 1). */
  uniform: () => number
}
type Kind = {
  group: string
  stepSeconds: number
  length: number
  /** Makes the function that gives one value after the other. */
  start: () => (moment: Moment) => number
}

const plain = (shape: (moment: Moment) => number) => () => shape
const sine = (seconds: number, period: number): number => Math.sin((2 * Math.PI * seconds) / period)
const weekend = (seconds: number): boolean => Math.floor(seconds / DAY) % 7 >= 5
const five = { stepSeconds: 5 * MINUTE, length: 2_400 }

/** Kinds of demand that a service meets. */
const KINDS: Record<string, Kind> = {
  'diurnal chat': {
    ...five,
    group: 'seasonal',
    start: plain(({ seconds, normal }) => 100 + 60 * sine(seconds, DAY) + 6 * normal()),
  },
  'office hours, quiet weekends': {
    group: 'seasonal',
    stepSeconds: 10 * MINUTE,
    length: 3_024,
    start: plain(({ seconds, normal }) => {
      const usual = weekend(seconds) ? 8 : 20 + 80 * Math.max(0, sine(seconds - 6 * HOUR, DAY))
      return usual * (1 + 0.08 * normal())
    }),
  },
  'weekly with two holidays': {
    group: 'seasonal',
    stepSeconds: HOUR,
    length: 1_344,
    start: plain(({ seconds, normal }) => {
      const day = Math.floor(seconds / DAY)
      const holiday = day === 31 || day === 46
      const usual = weekend(seconds) || holiday ? 30 : 100 + 50 * sine(seconds - 6 * HOUR, DAY)
      return usual + 4 * normal()
    }),
  },
  'nightly batch': {
    ...five,
    group: 'seasonal',
    start: plain(({ seconds, normal }) => (seconds % DAY < 3 * HOUR ? 500 + 20 * normal() : 5 + normal())),
  },
  'hourly job': {
    stepSeconds: MINUTE,
    length: 3_000,
    group: 'seasonal',
    start: plain(({ seconds, normal }) => (seconds % HOUR < 6 * MINUTE ? 300 : 40) + 5 * normal()),
  },
  'one small tenant, counts': {
    ...five,
    group: 'counts',
    start: plain(({ seconds, uniform }) => poisson(0.6 + 0.5 * sine(seconds, DAY), uniform)),
  },
  'intermittent tenant': {
    ...five,
    group: 'counts',
    start: () => {
      let busy = false
      return ({ uniform }) => {
        if (uniform() < (busy ? 0.12 : 0.02)) busy = !busy
        return busy ? poisson(9, uniform) : 0
      }
    },
  },
  'bursty code assistant': {
    stepSeconds: 10,
    length: 1_080,
    group: 'bursts',
    start: plain(({ normal, uniform }) => (uniform() < 0.3 ? 40 * Math.exp(0.8 * normal()) : 0)),
  },
  'bursts that feed themselves': {
    stepSeconds: MINUTE,
    length: 2_400,
    group: 'bursts',
    start: () => {
      let excited = 0
      return ({ normal, uniform }) => {
        excited *= 0.85
        if (uniform() < 0.006 + 0.0004 * excited) excited += 40 * (1 - uniform()) ** -0.6
        return 20 + excited + 2 * normal()
      }
    },
  },
  'heavy-tailed noise': {
    ...five,
    group: 'bursts',
    start: plain(({ normal, uniform }) => 50 * Math.exp(0.3 * normal()) + (uniform() < 0.02 ? 400 : 0)),
  },
  'GPUs held, in plateaus': {
    ...five,
    group: 'plateaus',
    start: () => {
      let held = 256
      return ({ uniform }) => {
        if (uniform() < 0.03)
          held = clamp(held + (uniform() < 0.5 ? -1 : 1) * 2 ** Math.floor(7 * uniform()), 512)
        return held
      }
    },
  },
  'training cluster': {
    ...five,
    group: 'plateaus',
    start: plain(({ i, normal }) => 64 * (1 + (Math.floor(i / 170) % 3)) + 0.5 * normal()),
  },
  'queue of jobs': {
    ...five,
    group: 'plateaus',
    start: () => {
      let waiting = 0
      return ({ uniform }) => {
        waiting = clamp(waiting + poisson(3, uniform) - (uniform() < 0.02 ? 60 : 3), 400)
        return waiting
      }
    },
  },
  'random walk': {
    ...five,
    group: 'shifts',
    start: () => {
      let level = 500
      return ({ normal }) => {
        level = clamp(level + 6 * normal(), 2_000)
        return level
      }
    },
  },
  'level shift': {
    ...five,
    group: 'shifts',
    start: plain(({ i, normal }) => (i > 1_500 ? 260 : 100) + 8 * normal()),
  },
  'steady growth': {
    stepSeconds: HOUR,
    length: 1_344,
    group: 'shifts',
    start: plain(
      ({ i, seconds, normal }) => 20 * 1.0018 ** i * (1 + 0.3 * sine(seconds, DAY) + 0.05 * normal()),
    ),
  },
  'tenth of the samples lost': {
    ...five,
    group: 'gaps',
    start: plain(({ seconds, normal, uniform }) => {
      const value = 100 + 60 * sine(seconds, DAY) + 6 * normal()
      return uniform() < 0.1 ? Number.NaN : value
    }),
  },
  'outages of hours': {
    ...five,
    group: 'gaps',
    start: () => {
      let out = false
      return ({ seconds, normal, uniform }) => {
        if (uniform() < (out ? 0.04 : 0.003)) out = !out
        return out ? Number.NaN : 100 + 60 * sine(seconds, DAY) + 6 * normal()
      }
    },
  },
}

/** One seeded series per kind, with origins as real ones have. */
export function syntheticSeries(random: () => number): BenchSeries[] {
  return Object.entries(KINDS).map(([id, { group, stepSeconds, length, start }]) => {
    const next = start()
    const normal = () => Math.sqrt(3) * (random() + random() + random() + random() - 2)
    const values = Array.from({ length }, (_, i) => {
      const value = next({ i, seconds: i * stepSeconds, normal, uniform: random })
      return Math.max(0, value)
    })
    return {
      id,
      family: id,
      group,
      stepSeconds,
      startSeconds: 0,
      horizon: HORIZON,
      maseScale: maseScale(values, length > (2 * DAY) / stepSeconds ? Math.round(DAY / stepSeconds) : 1),
      values,
      ...originsOf(length, HORIZON),
    }
  })
}

/** A Poisson draw by inversion (Knuth, TAOCP 2, §3.4.1). */
function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean)
  let product = uniform()
  let count = 0
  while (product > limit) {
    product *= uniform()
    count++
  }
  return count
}

const clamp = (value: number, high: number): number => Math.min(high, Math.max(0, value))
