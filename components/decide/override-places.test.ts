import { expect, test } from 'vitest'
import type { OverridePlace } from '../../server/governance/contract.ts'
import { instead } from './override-places.ts'

const place: OverridePlace = {
  targetId: 't',
  targetName: 'chat-owned',
  domain: 'Basement',
  region: 'de',
  hardwareClass: 'L4',
  market: 'owned',
  pricePerReplicaHourUsd: 1,
  leadTimeP90Seconds: 60,
  quotaReplicas: 20,
  capacityPerReplica: 4,
  desiredReplicas: 3,
}

const scaled = (toReplicas: number) => ({
  actions: [{ fromReplicas: 6, toReplicas }],
  capacityPerReplica: 10,
})

test('another pool takes over what the plan would add, in its own replicas, rounded up', () => {
  // Four replicas of 10 req/s are ten of 4 req/s.
  expect(instead(scaled(10), place)).toBe(13)
  expect(instead(scaled(7), place)).toBe(6)
})

test('what a fall gives back is given back there, down to nothing', () => {
  expect(instead(scaled(2), place)).toBe(0)
})
