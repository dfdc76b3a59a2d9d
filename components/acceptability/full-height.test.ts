import { expect, test } from 'vitest'
import { fullHeight } from './full-height.ts'

test('weeks without anything above zero have no height to stand for', () => {
  expect(fullHeight([{ value: null }, { value: 0 }])).toBeNull()
  expect(fullHeight([])).toBeNull()
  expect(fullHeight([{ value: 3 }, { value: null }, { value: 7 }])).toBe(7)
  expect(fullHeight([{ value: null }], 1)).toBe(1)
})
