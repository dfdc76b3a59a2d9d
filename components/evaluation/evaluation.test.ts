import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replayReport } from '../../e2e/fixtures/evaluation.ts'
import type { ReplayReport } from '../../server/evaluation/contract.ts'
import { placeMarks } from '../charts/place-marks.ts'
import { chartPoints, latencyAxis, linearRange, logRange, moneyAxis, withoutFarAbove } from './pareto.ts'
import { spanOf } from './use-choices.ts'
import { shortfallsOf, verdictOf } from './verdict.ts'

const report = replayReport('2026-11-15T00:00:00.000Z', '2026-11-16T00:00:00.000Z')

describe('the verdict', () => {
  test('says what ours cost, and against what', () => {
    const [first] = verdictOf(report, 'utc')
    expect(first).toBe(
      'InfraSage would have cost $423.77 in all: 0.87× HPA, tuned, 0.64× Kubernetes HPA, 1.14× Optimum; 0.4\u202f% of demand was served beyond the objective.',
    )
  })

  test('says where a reactive policy wins, and at what price', () => {
    const words = verdictOf(report, 'utc').join(' ')
    expect(words).toContain(
      'Static peak is faster (p99 648\u202fms against 912\u202fms) and serves fewer late',
    )
    expect(words).toContain('at 1.54× the cost')
    expect(words).not.toContain('Knative')
    const worse = report.outcomes.map((outcome) =>
      outcome.policy === 'infrasage'
        ? { ...outcome, totalCostUsd: 1, latencyP99Ms: 1, violationShareDemand: 0 }
        : outcome,
    )
    expect(verdictOf({ ...report, outcomes: worse }, 'utc')[1]).toContain('No other policy')
  })

  test('says when capacity was short, in spans', () => {
    const moments = [10, 30, 34, 10, 33].map((demand, i) => ({
      at: new Date(Date.UTC(2026, 10, 15, 9, i)).toISOString(),
      demand,
      ready: { infrasage: 3 },
    }))
    const short: ReplayReport = { ...report, moments, momentSeconds: 60 }
    expect(shortfallsOf(short, 'infrasage')).toMatchObject([
      { demand: 34, capacity: 24, worstAt: Date.UTC(2026, 10, 15, 9, 2) },
      { demand: 33, capacity: 24 },
    ])
    expect(verdictOf(short, 'utc').at(-1)).toBe(
      'Its capacity was below the highest demand in 2 spans, 3\u202fmin in all, most at 15 Nov 09:02: 34\u202freq/s against 24\u202freq/s.',
    )
  })
})

test('axes hold every point and begin and end at round values', () => {
  const values = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(values, (some) => {
      for (const axis of [logRange(some), linearRange(some)]) {
        expect(axis.min).toBeLessThanOrEqual(Math.min(...some))
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(...some) * (1 - 1e-9))
        expect(axis.ticks.length).toBeGreaterThan(0)
      }
    }),
  )
})

test('a point that lies far out asks for a logarithmic axis, and an objective far out is left out', () => {
  expect(moneyAxis([33, 40, 50])).toMatchObject({ log: false, min: 30, max: 50 })
  expect(moneyAxis([33, 40, 300])).toMatchObject({ log: true, min: 20, max: 500 })
  expect(latencyAxis([400_000, 424_000], 150)).toMatchObject({ holds: false, min: 200_000 })
  expect(latencyAxis([400, 900], 2_000)).toMatchObject({ holds: true, max: 2_000 })
  expect(latencyAxis([400_000, 424_000], 150).format(200_000)).toBe('200\u202fs')
})

test('every policy in force has a number of its own, and points are read from cheap to dear', () => {
  const points = chartPoints(report.pareto, Number.POSITIVE_INFINITY)
  const marks = points.flatMap(({ mark }) => mark ?? []).toSorted((a, b) => a - b)
  expect(marks).toEqual(report.outcomes.map((_, i) => i + 1))
  expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).toSorted((a, b) => a - b))
})

test('numbers beside points hide neither each other nor a point, and stay within the plot', () => {
  const box = { left: 0, top: 0, right: 300, bottom: 260 }
  const position = fc.record({ x: fc.integer({ min: 0, max: 300 }), y: fc.integer({ min: 0, max: 260 }) })
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 9 }), (points) => {
      const placed = placeMarks(points, box, 16)
      for (const [i, at] of placed.entries()) {
        expect(at.x >= 8 && at.x <= 292 && at.y >= 8 && at.y <= 252).toBe(true)
        const apart = (other: { x: number; y: number }) =>
          Math.max(Math.abs(at.x - other.x), Math.abs(at.y - other.y))
        expect(placed.every((other, j) => i === j || apart(other) >= 16)).toBe(true)
        expect(points.every((other) => apart(other) >= 11)).toBe(true)
      }
    }),
  )
})

test('a window as long as a preset is that preset', () => {
  const to = new Date('2026-11-22T14:00:00Z')
  expect(spanOf({ from: new Date('2026-11-15T14:00:00Z'), to })).toBe('7d')
  expect(spanOf({ from: new Date('2026-11-15T15:00:00Z'), to })).toBe('custom')
})

test('a few points far above the rest are left out of the axis, and stand at its edge', () => {
  const near = [700, 900, 1_200, 1_500, 2_000, 2_400, 3_000]
  expect(withoutFarAbove([...near, 25_020_000])).toEqual(near)
  expect(withoutFarAbove([...near, 20_000, 25_020_000])).toEqual([...near, 20_000])
  expect(withoutFarAbove([1, 2, 400, 500])).toEqual([1, 2, 400, 500])
  expect(withoutFarAbove([700])).toEqual([700])
  expect(latencyAxis([...near, 25_020_000], 2_500).max).toBe(5_000)
  const far = report.pareto.map((point, i) => (i === 0 ? { ...point, latencyP99Ms: 9e9 } : point))
  const most = latencyAxis(
    far.map(({ latencyP99Ms }) => latencyP99Ms),
    2_500,
  ).max
  const edge = chartPoints(far, most).filter(({ above }) => above)
  expect(edge.map(({ key, y }) => [key, y])).toEqual([['0', most]])
})
