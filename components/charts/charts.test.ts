import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearestIndex, timeTicks, valueAxis } from './axis.ts'
import { contributionBars } from './contributions.ts'
import { toCsv } from './csv.ts'
import { fanOf, fanRows, highestOf, quantileAt } from './fan.ts'
import { compactSteps, readySteps, stepAt } from './steps.ts'

describe('quantiles', () => {
  const levels = [0.1, 0.5, 0.9]
  const values = [10, 20, 60]
  test('are exact at a given level, linear between, flat beyond', () => {
    expect(quantileAt(levels, values, 0.5)).toBe(20)
    expect(quantileAt(levels, values, 0.7)).toBeCloseTo(40)
    expect(quantileAt(levels, values, 0.01)).toBe(10)
    expect(quantileAt(levels, values, 0.99)).toBe(60)
  })

  test('bands hold each other inside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 9, maxLength: 9 }),
        (raw) => {
          const sorted = raw.toSorted((a, b) => a - b)
          const [point] = fanOf({
            levels: [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99],
            leads: [{ lead: 1, at: '2026-01-01T00:00:00Z', values: sorted }],
          })
          if (!point?.band50 || !point.band98) throw new Error('one lead gives one point with all bands')
          const edges = [point.band98[0], point.band80[0], point.band50[0], point.median]
          const upper = [point.median, point.band50[1], point.band80[1], point.band98[1]]
          expect([...edges, ...upper]).toEqual([...edges, ...upper].toSorted((a, b) => a - b))
        },
      ),
    )
  })
})

describe('rows of the fan', () => {
  const fan = { at: 20, median: 5, band50: [4, 6], band80: [3, 7], band98: [1, 40] } as const
  const point = { ...fan, band50: [4, 6], band80: [3, 7], band98: [1, 40] } satisfies Parameters<
    typeof fanRows
  >[1][number]

  test('share one axis, in order of time, and keep gaps', () => {
    const rows = fanRows(
      [
        { at: 10, value: 3 },
        { at: 0, value: null },
      ],
      [point, { ...point, at: 10 }],
    )
    expect(rows.map((row) => row.at)).toEqual([0, 10, 20])
    expect(rows[0]?.measured).toBeNull()
    expect(rows[1]).toMatchObject({ measured: 3, median: 5, band80: [3, 7] })
    expect(rows[2]).toMatchObject({ median: 5, band98: [1, 40] })
  })

  test('a wild outer band does not flatten the rest', () => {
    const rows = fanRows([{ at: 0, value: 6 }], [point])
    expect(highestOf(rows, [])).toBe(21)
    expect(highestOf(rows, [15])).toBe(40)
  })
})

describe('axes', () => {
  test('start at zero, end at a round number above the highest value', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), (highest) => {
        const { max, ticks } = valueAxis(highest)
        expect(ticks[0]).toBe(0)
        expect(max).toBeGreaterThanOrEqual(highest * 0.999)
        expect(max).toBeLessThanOrEqual(highest * 2.6)
        expect(ticks.length).toBeLessThanOrEqual(6)
      }),
    )
  })

  test('nothing measured still gives an axis', () => {
    expect(valueAxis(0).ticks).toEqual([0, 0.5, 1])
  })

  test('times are marked at round clock times', () => {
    const from = Date.UTC(2026, 0, 1, 9, 7)
    const ticks = timeTicks(from, from + 3 * 3_600_000)
    expect(ticks.map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      '09:30',
      '10:00',
      '10:30',
      '11:00',
      '11:30',
      '12:00',
    ])
  })

  test('the nearest moment of another chart is found', () => {
    expect(nearestIndex([0, 10, 20], 14)).toBe(1)
    expect(nearestIndex([], 14)).toBe(0)
  })
})

describe('capacity', () => {
  test('holds until the next step', () => {
    const steps = [
      { at: 10, value: 1 },
      { at: 20, value: 2 },
    ]
    expect([stepAt(steps, 5), stepAt(steps, 10), stepAt(steps, 19), stepAt(steps, 99)]).toEqual([
      undefined,
      1,
      1,
      2,
    ])
  })

  test('has corners only where it changed and skips gaps', () => {
    expect(
      compactSteps([
        { at: 1, value: 1 },
        { at: 2, value: 1 },
        { at: 3, value: 2 },
      ]),
    ).toHaveLength(2)
    const at = (second: number) => new Date(second * 1_000).toISOString()
    expect(
      readySteps(
        [
          { at: at(1), value: 2 },
          { at: at(2), value: null },
          { at: at(3), value: 3 },
        ],
        10,
      ),
    ).toEqual([
      { at: 1_000, value: 20 },
      { at: 3_000, value: 30 },
    ])
  })
})

test('contributions add up to the forecast, bar by bar', () => {
  const contribution = fc.record({
    group: fc.constantFrom('level', 'trend', 'season', 'momentum', 'events'),
    label: fc.string(),
    value: fc.integer({ min: -1000, max: 1000 }),
  })
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.array(contribution, { maxLength: 6 }),
      (baseline, list) => {
        const sum = contributionBars(baseline, list)
        expect(sum.total).toBe(list.reduce((total, { value }) => total + value, baseline))
        for (const bar of sum.bars) {
          expect(bar.from).toBeGreaterThanOrEqual(0)
          expect(bar.to).toBeLessThanOrEqual(1)
          expect(bar.from).toBeLessThanOrEqual(bar.to)
        }
      },
    ),
  )
})

test('exported cells are quoted where they must be', () => {
  expect(toCsv(['a', 'b'], [['x, "y"', null]])).toBe('a,b\r\n"x, ""y""",\r\n')
})
