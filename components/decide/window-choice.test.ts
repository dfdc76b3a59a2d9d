import { expect, test } from 'vitest'
import { atOnce, lateIn, offeredWindow } from './window-choice.ts'

const minute = 60_000
const now = 1_000 * minute

test('the window that is offered begins while it still helps', () => {
  // 15:12, act by 15:35, expires 16:10: not at 15:40.
  const offered = offeredWindow(now, now + 58 * minute, now + 23 * minute)
  expect(offered).toEqual({ when: 'window', from: now + 11.5 * minute, to: now + 58 * minute })
  expect(offeredWindow(now, now + 300 * minute, null).from).toBe(now + 60 * minute)
  expect(offeredWindow(now, now + 30 * minute, now - 5 * minute).from).toBe(now)
})

test('it is said when a window is too late for the surge', () => {
  const of = (from: number, to: number) => ({ when: 'window' as const, from: now + from, to: now + to })
  const until = now + 23 * minute
  expect(lateIn(of(28 * minute, 58 * minute), until)).toBe('all')
  expect(lateIn(of(11 * minute, 58 * minute), until)).toBe('end')
  expect(lateIn(of(11 * minute, 20 * minute), until)).toBe('no')
  expect(lateIn(of(28 * minute, 58 * minute), null)).toBe('no')
  expect(lateIn(atOnce, until)).toBe('no')
})
