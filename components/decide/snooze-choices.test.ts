import { expect, test } from 'vitest'
import { snoozeChoices } from './snooze-choices.ts'

const minutes = (now: number, left: number) =>
  snoozeChoices(now, now + left * 60_000).map(({ at }) => (at - now) / 60_000)

test('choices lie before the deadline, soonest first, and end with it', () => {
  expect(minutes(1_000_000, 90)).toEqual([15, 45, 60, 90])
  expect(minutes(0, 10)).toEqual([5, 10])
})

test('what is late cannot be put off', () => {
  expect(minutes(0, 0)).toEqual([])
  expect(minutes(0, -5)).toEqual([])
})

test('nobody is offered a pause of seconds', () => {
  expect(minutes(0, 1.5)).toEqual([1.5])
  expect(minutes(0, 10 / 60)).toEqual([])
})
