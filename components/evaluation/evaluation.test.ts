import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replayReport } from '../../e2e/fixtures/evaluation.ts'
import type { ReplayReport } from '../../server/evaluation/contract.ts'
import { latencyTicks, moneyAxis, spreadLabels } from './pareto.ts'
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
      for (const axis of [latencyTicks(some), moneyAxis(some)]) {
        expect(axis.min).toBeLessThanOrEqual(Math.min(...some))
        expect(axis.max).toBeGreaterThanOrEqual(Math.max(...some) * (1 - 1e-9))
        expect(axis.ticks.length).toBeGreaterThan(0)
      }
    }),
  )
})

test('names of points that lie together are spread', () => {
  expect(
    spreadLabels(
      [
        { x: 0.5, y: 100 },
        { x: 0.55, y: 104 },
        { x: 0.1, y: 101 },
      ],
      0.3,
    ),
  ).toEqual([0, 9, 0])
})

test('a window as long as a preset is that preset', () => {
  const to = new Date('2026-11-22T14:00:00Z')
  expect(spanOf({ from: new Date('2026-11-15T14:00:00Z'), to })).toBe('7d')
  expect(spanOf({ from: new Date('2026-11-15T15:00:00Z'), to })).toBe('custom')
})
