import { expect, test } from 'vitest'
import { longestWaitSeconds } from './longest-wait.ts'
import { depthNow, waitingIn } from './waiting.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute))
const past = [10, 20, null, 5].map((value, i) => ({ at: at(i), value }))

test('what waits is the newest that came in', () => {
  expect(waitingIn(0, past, 60)).toEqual([])
  expect(waitingIn(900, past, 60)).toEqual([
    { since: at(1).toISOString(), units: 600 },
    { since: at(3).toISOString(), units: 300 },
  ])
})

test('what the past does not account for has waited since its beginning', () => {
  const waiting = waitingIn(10_000, past, 60)
  expect(waiting[0]).toEqual({ since: at(0).toISOString(), units: 10_000 - 2_100 })
  expect(waiting.reduce((sum, { units }) => sum + units, 0)).toBe(10_000)
})

test('the longest wait is that of work done in its order, over hours without replicas', () => {
  const hours = [
    { fromMs: 0, toMs: 3_600_000 },
    { fromMs: 3_600_000, toMs: 7_200_000 },
  ]
  const arrivals = [
    { sinceMs: 0, readyMs: 0, work: 600 },
    { sinceMs: 3_000_000, readyMs: 3_000_000, work: 1_800 },
  ]
  // Both begin in the second hour, at two replicas: done after 5 and after 20 minutes of it.
  expect(longestWaitSeconds(arrivals, hours, [0, 2])).toBe(3_900)
  expect(longestWaitSeconds(arrivals, hours, [0, 0])).toBe(Number.POSITIVE_INFINITY)
})

test('a queue that falls silent is taken to hold all that came in since', () => {
  const at = (minute: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minute * 60_000)
  const past = Array.from({ length: 20 }, (_, i) => ({ at: at(i), value: 2 }))
  expect(
    depthNow(
      [
        { at: at(17), value: 50 },
        { at: at(18), value: null },
      ],
      past,
      60,
    ),
  ).toBe(50)
  expect(depthNow([{ at: at(9), value: 50 }], past, 60)).toBe(50 + 10 * 2 * 60)
  expect(depthNow([{ at: at(9), value: null }], past, 60)).toBeNull()
})
