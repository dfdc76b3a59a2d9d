import { describe, expect, it } from 'vitest'
import { seededRandom } from '../kernel/rng.ts'
import { benchSeriesOf, dealHalves, originsOf, resample, type Signal } from './series-catalogue.ts'
import { syntheticSeries } from './synthetic-series.ts'

const signal = (id: string, family: string, peer = false): Signal => ({
  id,
  source: 'cloud',
  family,
  group: 'cloud services',
  stepSeconds: 60,
  startSeconds: 82_800,
  values: Array.from({ length: 1_000 }, (_, i) => i),
  peer,
})

describe('halves', () => {
  const signals = 'abcdefgh'
    .split('')
    .flatMap((name) => [signal(`${name}_rps`, name), signal(`${name}_tps`, name)])

  it('keep a family together, and halve the families of a source', () => {
    const halves = dealHalves(signals)
    for (const { family } of signals) expect(halves.get(`${family}_rps`)).toBe(halves.get(`${family}_tps`))
    expect([...halves.values()].filter((half) => half === 'dev')).toHaveLength(8)
  })

  it('never choose on a signal that is compared with others, and do not depend on order or values', () => {
    const halves = dealHalves(signals)
    const turned = signals.map((each) => ({ ...each, values: [], peer: each.id.endsWith('_rps') })).reverse()
    for (const [id, half] of dealHalves(turned))
      expect(half).toBe(id.endsWith('_rps') ? 'report' : halves.get(id))
  })
})

describe('series of a signal', () => {
  it('take means of what was measured, and a gap where most is missing', () => {
    const none = Number.NaN
    expect(resample([1, 3, none, 8, none, none, 5], 2)).toEqual([2, 8, none])
  })

  it('keep their place in the day when cut short or resampled', () => {
    const series = benchSeriesOf(signal('a', 'a'), 300, 100)
    expect(series).toMatchObject({ stepSeconds: 300, startSeconds: (82_800 + 100 * 300) % 86_400 })
    expect(series?.values).toHaveLength(100)
  })

  it('have origins that leave room for every lead, and cold ones among the first sixty values', () => {
    for (const length of [58, 100, 350, 4_032]) {
      const { origins, coldOrigins } = originsOf(length, 12)
      expect(Math.max(...origins, ...coldOrigins) + 12).toBeLessThan(length)
      expect(new Set(origins).size).toBe(origins.length)
      expect(Math.max(...coldOrigins)).toBeLessThan(60)
    }
  })
})

describe('synthetic series', () => {
  it('are the same for the same seed, never below zero, and gaps only where they are the point', () => {
    const one = syntheticSeries(seededRandom(7))
    expect(syntheticSeries(seededRandom(7))).toEqual(one)
    for (const { group, values } of one) {
      expect(values.every((value) => value >= 0 || (group === 'gaps' && Number.isNaN(value)))).toBe(true)
    }
  })
})
