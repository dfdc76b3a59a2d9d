import { describe, expect, test } from 'vitest'
import { THIN } from './format.ts'
import {
  dateTimeText,
  formatClock,
  formatCountdown,
  formatDayClock,
  formatDuration,
  formatMoment,
  formatRelative,
  hourIn,
  momentOf,
} from './time.ts'

const at = Date.UTC(2026, 10, 22, 14, 32, 8)

describe('durations', () => {
  test.each([
    [0, `0${THIN}s`],
    [45, `45${THIN}s`],
    [90, `1${THIN}min 30${THIN}s`],
    [360, `6${THIN}min`],
    [3600, `1${THIN}h`],
    [4800, `1${THIN}h 20${THIN}min`],
    [183_600, `2${THIN}d 3${THIN}h`],
    [-5, `0${THIN}s`],
  ])('%s seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })
})

describe('relative times', () => {
  test('look both ways', () => {
    expect(formatRelative(at - 12_000, at)).toBe(`12${THIN}s ago`)
    expect(formatRelative(at + 360_000, at)).toBe(`in 6${THIN}min`)
    expect(formatRelative(at + 900, at)).toBe('now')
  })

  test('a deadline that passed says so', () => {
    expect(formatCountdown(at + 360_000, at)).toBe(`6${THIN}min`)
    expect(formatCountdown(at - 30_000, at)).toBe(`30${THIN}s late`)
  })
})

test('absolute times name their zone', () => {
  expect(formatClock(at, 'utc')).toBe('14:32')
  expect(formatDayClock(at, 'utc')).toBe('22 Nov 14:32')
  expect(formatMoment(at, 'utc')).toBe('22 Nov 2026 14:32:08 UTC')
})

test('a field for date and time names the same moment back, in either zone', () => {
  const at = Date.UTC(2026, 2, 29, 1, 30)
  expect(dateTimeText(at, 'utc')).toBe('2026-03-29T01:30')
  for (const zone of ['utc', 'local'] as const) expect(momentOf(dateTimeText(at, zone), zone)).toBe(at)
  expect(momentOf('', 'utc')).toBeNull()
})

test('an hour of UTC on the clock of another zone', () => {
  expect(hourIn(23, 120)).toEqual({ minuteOfDay: 60, label: '01:00' })
  expect(hourIn(0, -210)).toEqual({ minuteOfDay: 1230, label: '20:30' })
})
