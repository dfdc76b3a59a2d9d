import { describe, expect, test } from 'vitest'
import type { Regret } from '../../server/forecast/contract.ts'
import { hourBuckets, leadBuckets } from './coverage-buckets.ts'
import { expertLines, plainName } from './expert-names.ts'
import { missedOf } from './missed.ts'
import { boundSentence, boundUsed, regretSentence } from './regret-words.ts'
import { spanOf } from './use-window.ts'

const plain = (text: string) => text.replaceAll('\u202f', ' ')

describe('methods', () => {
  test('are named so that one needs no textbook', () => {
    expect(plainName('mean of 20')).toBe('mean of the last 20 steps')
    expect(plainName('last value')).toBe('same as now')
    expect(plainName('my-own-net')).toBe('my-own-net')
  })

  test('come largest first, and the small ones are one line that keeps the sum', () => {
    const lines = expertLines([
      { name: 'a', weight: 0.01 },
      { name: 'b', weight: 0.9 },
      { name: 'c', weight: 0.02 },
      { name: 'd', weight: 0.07 },
    ])
    expect(lines.map(({ label }) => plain(label))).toEqual(['b', 'd', '2 others, each below 3 %'])
    expect(lines.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1)
    expect(expertLines([{ name: 'only', weight: 0.01 }])).toHaveLength(1)
  })
})

describe('regret', () => {
  const group: Regret = {
    fromLead: 1,
    toLead: 4,
    rounds: 1_000,
    regret: 12,
    bound: 94,
    bestExpert: 'last value',
    bestLoss: 1_000,
  }
  test('is a share of what the best single method lost', () => {
    expect(plain(regretSentence(group))).toBe(
      '1.2 % worse than “same as now”, the best of all methods chosen with hindsight.',
    )
    expect(plain(boundSentence(group))).toBe('The rule guarantees at most 9.4 %.')
    expect(boundUsed(group)).toBeCloseTo(12 / 94)
  })
  test('below zero is better than the best', () => {
    expect(plain(regretSentence({ ...group, regret: -5 }))).toMatch(/^0.5 % better than/)
    expect(boundUsed({ ...group, regret: -5 })).toBe(0)
  })
  test('a broken bound is said', () => {
    expect(boundSentence({ ...group, regret: 95 })).toContain('the bound is broken')
  })
  test('without the loss of the best it is a figure for each forecast', () => {
    expect(regretSentence({ ...group, bestLoss: undefined })).toMatch(/^0.01 usual swings a forecast worse/)
    expect(regretSentence({ ...group, rounds: 0 })).toBe('Nothing is judged yet.')
  })
})

describe('coverage', () => {
  const byLead = [1, 2, 3, 4].map((lead) => ({ lead, held: 0.9, count: 400 }))
  const byHour = Array.from({ length: 24 }, (_, hour) => ({ hour, held: hour / 24, count: 400 }))

  test('forecasts that overlap count as fewer', () => {
    expect(leadBuckets({ byLead }, 60).map(({ independent }) => independent)).toEqual([
      400,
      200,
      400 / 3,
      100,
    ])
    expect(hourBuckets({ byHour, byLead }, 0)[0]?.independent).toBe(400 / 4 / 3)
  })

  test('hours stand in the order of the reader’s day, and keep their own values', () => {
    const berlin = hourBuckets({ byHour, byLead }, 60)
    expect(berlin[0]).toMatchObject({ label: '00:00', held: 23 / 24 })
    expect(berlin[1]).toMatchObject({ label: '01:00', held: 0 })
    const kolkata = hourBuckets({ byHour, byLead }, 330)
    expect(kolkata[0]).toMatchObject({ label: '00:30', held: 19 / 24 })
    const newYork = hourBuckets({ byHour, byLead }, -300)
    expect(newYork[0]).toMatchObject({ label: '00:00', held: 5 / 24 })
  })
})

test('what came outside of the 90 % interval is found, at its edges not', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString()
  const leads = [1, 2, 3, 4].map((lead) => ({ lead, at: at(lead), values: [10, 15, 20] }))
  const measured = [10, 20.1, null, 9].map((value, i) => ({ at: at(i + 1), value }))
  expect(missedOf({ snapshot: { levels: [0.05, 0.5, 0.95], leads }, measured })).toEqual([
    { at: 120_000, value: 20.1 },
    { at: 240_000, value: 9 },
  ])
})

describe('the span of the charts', () => {
  const hour = 3_600_000
  const now = 100 * hour
  test('ends with the forecast, and stays where a moment is in it anyway', () => {
    expect(spanOf(now, 3_600, now + hour / 2, null)).toEqual({ from: 99 * hour, to: 100.5 * hour, now })
    expect(spanOf(now, 3_600, now + hour / 2, now - hour / 2)).toEqual({
      from: 99 * hour,
      to: 100.5 * hour,
      now,
    })
  })
  test('moves back to a moment that would not be seen', () => {
    expect(spanOf(now, 3_600, now + hour / 2, 50 * hour)).toEqual({ from: 49.5 * hour, to: 50.5 * hour, now })
  })
})
