import { expect, test } from 'vitest'
import type { EndedProposal } from '../contract.ts'
import { measuresOf, weekOf, weeksUntil } from './measures.ts'

const day = 86_400_000
const ended = (
  kind: EndedProposal['kind'],
  seconds: number,
  worthUsd: number | null = null,
): EndedProposal => ({
  workloadId: 'w',
  kind,
  proposedAt: 0,
  decidedAt: seconds * 1_000,
  worthUsd,
})
const none = { ended: [], alarms: [], pulses: [], weeks: 1 }

test('rates are of what ended; times to decide are of people alone', () => {
  const measures = measuresOf({
    ...none,
    ended: [ended('approve', 30), ended('approve', 60), ended('override', 90), ended('expire', 9_000)],
  })
  expect(measures.approved).toEqual({ count: 2, of: 4, rate: 0.5 })
  expect(measures.overridden.rate).toBe(0.25)
  expect(measures.rejected.rate).toBe(0)
  expect(measures.expired.rate).toBe(0.25)
  expect(measures.timeToDecideSeconds).toEqual({ p50: 60, p90: 90 })
})

test('what cost more than the other course is regretted, once that is final, and not for less than a cent', () => {
  const { regretted } = measuresOf({
    ...none,
    ended: [
      ended('approve', 1, 12),
      ended('approve', 1, -0.5),
      ended('reject', 1, -0.001),
      ended('reject', 1),
    ],
  })
  expect(regretted).toEqual({ count: 1, of: 3, rate: 1 / 3 })
})

test('false alarms are surges that did not come, by the week', () => {
  const alarm = (came: boolean) => ({ workloadId: 'w', at: 0, came })
  const { falseAlarms, falseAlarmsPerWeek } = measuresOf({
    ...none,
    alarms: [alarm(true), alarm(false), alarm(false)],
    weeks: 4,
  })
  expect(falseAlarms.rate).toBeCloseTo(2 / 3, 12)
  expect(falseAlarmsPerWeek).toBe(0.5)
})

test('nothing at all is said as nothing, not as zero', () => {
  const measures = measuresOf(none)
  expect(measures.approved.rate).toBeNull()
  expect(measures.timeToDecideSeconds).toBeNull()
  expect(measures.pulse).toBeNull()
})

test('a pulse is the mean of those who answered', () => {
  const pulses = [
    { clear: 5, trust: 3, ease: 4 },
    { clear: 4, trust: 1, ease: 4 },
  ]
  expect(measuresOf({ ...none, pulses }).pulse).toEqual({ answers: 2, clear: 4.5, trust: 2, ease: 4 })
})

test('weeks begin on Monday, and the last one holds now', () => {
  const sunday = Date.parse('2026-11-22T23:59:59Z')
  expect(new Date(weekOf(sunday)).toISOString()).toBe('2026-11-16T00:00:00.000Z')
  expect(weekOf(sunday + 1_000)).toBe(weekOf(sunday) + 7 * day)
  expect(weeksUntil(sunday, 2).map((at) => new Date(at).toISOString().slice(0, 10))).toEqual([
    '2026-11-09',
    '2026-11-16',
  ])
})
