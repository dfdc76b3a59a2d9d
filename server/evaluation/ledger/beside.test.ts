import { expect, test } from 'vitest'
import { cutBeforeSurgeEnd, lateMinutes } from './beside.ts'

test('measured minutes beyond the objective; nothing measured is not none', () => {
  const of = { stepSeconds: 60, objectiveMs: 2_500 }
  expect(lateMinutes([2_000, 2_501, null, 2_500, 9_000], of)).toBe(2)
  expect(lateMinutes([2_000, 1_900], of)).toBe(0)
  expect(lateMinutes([null], of)).toBeNull()
})

test('a span that the next decision ended within the surge is cut short', () => {
  const at = (minutes: number) => new Date(minutes * 60_000)
  const surge = { endsAt: at(55).toISOString() }
  const span = { from: at(0), until: at(14), final: true }
  expect(cutBeforeSurgeEnd(surge, span)).toBe(surge.endsAt)
  expect(cutBeforeSurgeEnd(surge, { ...span, final: false })).toBeNull()
  expect(cutBeforeSurgeEnd(surge, { ...span, until: at(55) })).toBeNull()
  expect(cutBeforeSurgeEnd({ endsAt: at(600).toISOString() }, { ...span, until: at(360) })).toBeNull()
  expect(cutBeforeSurgeEnd(null, span)).toBeNull()
})
