import { describe, expect, test } from 'vitest'
import { effectWords, emptyEvent, readEvent } from './event-form.ts'

const now = Date.UTC(2026, 10, 22, 14, 26)
const workload = { id: '00000077-0000-4000-8000-000000000001', team: 'platform' }
const form = { ...emptyEvent(now), name: ' Launch ' }

describe('a planned event', () => {
  test('begins at the next full hour, and its effect is learned', () => {
    expect(readEvent(form, workload, now).input).toEqual({
      workloadId: workload.id,
      team: null,
      name: 'Launch',
      kind: 'launch',
      startsAt: '2026-11-22T15:00:00.000Z',
      endsAt: '2026-11-22T16:00:00.000Z',
      expectedFactor: null,
    })
  })

  test('may touch a team, with a factor in either decimal sign', () => {
    const read = readEvent({ ...form, scope: 'team', effect: 'expect', factor: '1,8' }, workload, now)
    expect(read.input).toMatchObject({ workloadId: null, team: 'platform', expectedFactor: 1.8 })
  })

  test('says what is wrong with which field', () => {
    const wrong = { ...form, name: '', effect: 'expect' as const, factor: 'much', endsAt: form.startsAt }
    expect(readEvent(wrong, workload, now).errors).toEqual({
      name: expect.stringContaining('name'),
      endsAt: 'It must end after it begins.',
      expectedFactor: expect.stringContaining('number'),
    })
    expect(
      readEvent({ ...form, effect: 'expect', factor: '500' }, workload, now).errors?.expectedFactor,
    ).toContain('at most 100')
  })
})

test('an effect in words', () => {
  expect(effectWords(1.8)).toBe('1.8× the usual')
  expect(effectWords(null)).toBe('learned from earlier ones')
})
