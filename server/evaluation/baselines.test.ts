import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/rng.ts'
import { movingAverage, naive, naiveEmpirical, seasonalNaive } from './baselines.ts'
import { holtWinters } from './holt-winters.ts'
import { localLevel } from './local-level.ts'
import { normalQuantile } from './normal.ts'

const levels = [0.1, 0.5, 0.9]
const history = [1, 3, 2, 4, Number.NaN, 4, 6, 5, 7, 6]
const input = { history, horizon: 3, levels }
const medians = (leads: { values: number[] }[]) => leads.map(({ values }) => values[1] ?? Number.NaN)
const width = ({ values }: { values: number[] }) => (values[2] ?? 0) - (values[0] ?? 0)

/** About standard normal. */
const noise = (random: () => number) => Math.sqrt(3) * (random() + random() + random() + random() - 2)

describe('last value', () => {
  it('stays and widens with the lead', () => {
    const [one, two] = naive.forecast(input).map(width)
    expect(medians(naive.forecast(input))).toEqual([6, 6, 6])
    expect((two ?? 0) / (one ?? 1)).toBeCloseTo(Math.SQRT2, 9)
  })

  it('takes its spread from its own past errors', () => {
    const [first] = naiveEmpirical.forecast({ ...input, history: [0, 1, 0, 1, 0, 1, 0] })
    expect(first?.values).toEqual([-1, 0, 1])
  })

  it('uses the normal law', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 7)
    expect(normalQuantile(0.01)).toBeCloseTo(-2.326347874, 7)
  })
})

describe('seasonal naive', () => {
  it('repeats the season, or the last value until there is one', () => {
    const saw = Array.from({ length: 12 }, (_, i) => i % 4)
    const season = seasonalNaive('four', 4)
    expect(season.forecast({ ...input, history: saw }).map(({ values }) => values)).toEqual(
      [0, 1, 2].map((v) => [v, v, v]),
    )
    expect(season.forecast({ ...input, history: [5, 5] })[0]?.values).toEqual([5, 5, 5])
  })
})

describe('moving average', () => {
  it('is the mean of what was measured in its window', () => {
    const flat = movingAverage(3).forecast({ ...input, history: [9, 9, 9, Number.NaN, 9] })
    expect(flat[0]?.values).toEqual([9, 9, 9])
    const rising = movingAverage(2).forecast({ ...input, history: [1, 2, 3, 4, 5, 6] })
    // Always 1.5 below the next value, 2.5 below the one after: the errors put it right.
    expect(medians(rising)).toEqual([7, 8, 9])
  })
})

describe('Holt-Winters', () => {
  const wave = (i: number) => 50 + 20 * Math.sin((2 * Math.PI * i) / 24)

  it('learns a season where there is one', () => {
    const seasonal = Array.from({ length: 240 }, (_, i) => wave(i))
    const leads = holtWinters(24).forecast({ ...input, history: seasonal })
    for (const [i, median] of medians(leads).entries())
      expect(Math.abs(median - wave(240 + i))).toBeLessThan(1)
  })

  it('does without one where the season only adds error', () => {
    const random = seededRandom(1)
    const walk = [100]
    for (let i = 1; i < 240; i++) walk.push((walk[i - 1] ?? 0) + noise(random))
    const [first] = medians(holtWinters(24).forecast({ ...input, history: walk }))
    expect(Math.abs((first ?? 0) - (walk[239] ?? 0))).toBeLessThan(1.5)
  })

  it('answers from two values on', () => {
    expect(medians(holtWinters(24).forecast({ ...input, history: [5, 5] }))).toEqual([5, 5, 5])
  })
})

describe('local level', () => {
  it('averages over noise and follows a walk', () => {
    const random = seededRandom(2)
    const noisy = Array.from({ length: 400 }, () => 100 + 10 * noise(random))
    const [calm] = localLevel.forecast({ ...input, history: noisy })
    expect(Math.abs((calm?.values[1] ?? 0) - 100)).toBeLessThan(2)
    expect(width(calm ?? { values: [] })).toBeCloseTo(2 * 10 * normalQuantile(0.9), -1)
    const walk = [100]
    for (let i = 1; i < 400; i++) walk.push((walk[i - 1] ?? 0) + 10 * noise(random))
    const [wild] = localLevel.forecast({ ...input, history: walk })
    expect(Math.abs((wild?.values[1] ?? 0) - (walk[399] ?? 0))).toBeLessThan(3)
  })
})
