import { expect, test } from 'vitest'
import { movedIn } from './shift-hours.ts'

const hour = (backlog: number) => ({
  ...{ at: '2026-03-02T09:00:00.000Z', seconds: 3_600, replicas: 2, asItComes: 4, backlog },
  ...{ pricePerReplicaHourUsd: 2, carbonGPerReplicaHour: 80, arriving: 100 },
})

test('what an hour puts off waits longer; what it takes from before does not', () => {
  const hours = [hour(40), hour(90), hour(90), hour(0)]
  expect(hours.map((_, i) => movedIn(hours, i))).toEqual([null, 50, 0, -90])
})
