import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultScene } from '../../scene.ts'
import { choosePhases, servicesOf } from '../../services.ts'
import { diurnalMean, phaseForEdge } from './diurnal.ts'
import { type DemandSource, demandAt, expectedDemandAt } from './index.ts'

const start = Date.parse('2026-03-04T13:37:20Z')
const services = servicesOf(defaultScene, choosePhases(defaultScene, start))
const moment = fc.integer({ min: start - 15 * 86_400_000, max: start + 15 * 86_400_000 })

function sourceOf(name: string): DemandSource {
  const service = services.find((one) => one.name === name)
  if (!service) throw new Error(`no ${name}`)
  return service.source
}

/** Demand at the start of every minute of a span. */
function minutes(source: DemandSource, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => demandAt(source, from + index * 60_000) ?? Number.NaN)
}

describe.each(services.map(({ name, source }) => ({ name, source })))('$name', ({ source }) => {
  test('is the same whenever and in whatever order it is asked for', () => {
    fc.assert(
      fc.property(fc.array(moment, { minLength: 2, maxLength: 8 }), (moments) => {
        const forward = moments.map((at) => demandAt(source, at))
        const backward = moments.toReversed().map((at) => demandAt({ ...source }, at))
        expect(backward.toReversed()).toEqual(forward)
      }),
      { numRuns: 30 },
    )
  })

  test('is finite and never negative', () => {
    fc.assert(
      fc.property(moment, (at) => {
        const demand = demandAt(source, at)
        expect(Number.isFinite(demand) && (demand ?? -1) >= 0).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('another seed is another world', () => {
    const other = { ...source, seed: source.seed + 1 }
    expect(minutes(other, start, 600)).not.toEqual(minutes(source, start, 600))
  })
})

test('the chat service repeats its days, so that its rise can be learned', () => {
  const source = sourceOf('chat-llm')
  const day = minutes(source, start - 86_400_000, 1440)
  const before = minutes(source, start - 8 * 86_400_000, 1440)
  const worst = Math.max(...day.map((value, index) => Math.abs(value - (before[index] ?? 0)) / value))
  expect(worst).toBeLessThan(0.15)
  expect(Math.max(...day) / Math.min(...day)).toBeGreaterThan(4)
})

test('whenever the first start is, a rise passes the initial capacity ten minutes later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (offset) => {
      const at = 1_700_000_000_000 + offset
      const phases = choosePhases(defaultScene, at)
      const source = { ...sourceOf('chat-llm'), phaseMs: phases['chat-llm'] ?? 0 }
      expect(expectedDemandAt(source, at)).toBeLessThan(54)
      expect(expectedDemandAt(source, at + 590_000)).toBeLessThan(60)
      expect(expectedDemandAt(source, at + 610_000)).toBeGreaterThan(60)
      expect(expectedDemandAt(source, at + 3_600_000)).toBeGreaterThan(85)
    }),
    { numRuns: 50 },
  )
})

test('a level that no morning reaches is refused', () => {
  const { spec } = sourceOf('chat-llm')
  if (spec.kind !== 'diurnal') throw new Error('not diurnal')
  expect(diurnalMean(spec, start)).toBeGreaterThan(0)
  const edge = { edge: 'rise' as const, level: 10_000, afterMs: 0 }
  expect(() => phaseForEdge(spec, start, edge)).toThrow(/rise never passes 10000/)
})

test('an evening can be asked for as well as a morning', () => {
  const { spec } = sourceOf('chat-llm')
  if (spec.kind !== 'diurnal') throw new Error('not diurnal')
  const phase = phaseForEdge(spec, start, { edge: 'fall', level: 60, afterMs: 300_000 })
  const after = (seconds: number) => diurnalMean(spec, start + phase + seconds * 1_000)
  expect(after(290)).toBeGreaterThan(60)
  expect(after(310)).toBeLessThan(60)
})

test('bursts come about once an hour and fade', () => {
  const source = sourceOf('code-assist')
  for (let hour = -24; hour < 24; hour++) {
    const slot = Math.floor(start / 3_600_000 + hour) * 3_600_000
    const rates = minutes(source, slot, 60)
    expect(Math.max(...rates)).toBeGreaterThan(1.3 * Math.min(...rates))
  }
})

test('the nightly batch runs at night and hardly by day', () => {
  const source = sourceOf('nightly-batch')
  const night = demandAt(source, Date.parse('2026-03-05T00:30:00Z')) ?? 0
  const day = demandAt(source, Date.parse('2026-03-05T12:30:00Z')) ?? 0
  expect(night).toBeGreaterThan(10 * day)
})

test('training asks for whole GPUs and more of them during the daily run', () => {
  const source = sourceOf('train-cluster')
  expect(minutes(source, start, 600).every(Number.isInteger)).toBe(true)
  const before = demandAt(source, Date.parse('2026-03-05T17:59:00Z')) ?? 0
  const during = demandAt(source, Date.parse('2026-03-05T18:01:00Z')) ?? 0
  expect(during - before).toBeGreaterThanOrEqual(12)
})
