import { expect, test } from 'vitest'
import { verdictOf, wilson } from './wilson.ts'

test('the range holds what was seen, and narrows with the count', () => {
  const [few, many] = [wilson(0.9, 40), wilson(0.9, 4_000)]
  expect(few.low).toBeLessThan(many.low)
  expect(few.high).toBeGreaterThan(many.high)
  expect(wilson(1, 10).high).toBe(1)
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
})

test('a verdict needs enough counts, and a promise outside of the range', () => {
  expect(verdictOf(null, 0, 0.9)).toBe('none')
  expect(verdictOf(0.5, 20, 0.9)).toBe('few')
  expect(verdictOf(0.88, 200, 0.9)).toBe('kept')
  expect(verdictOf(0.8, 1_000, 0.9)).toBe('short')
  expect(verdictOf(0.97, 1_000, 0.9)).toBe('wide')
})
