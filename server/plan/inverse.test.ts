import { expect, test } from 'vitest'
import type { Action } from './contract.ts'
import { inverse } from './inverse.ts'

const action = (poolId: string, from: number, to: number, rest: Partial<Action> = {}): Action => ({
  kind: 'scale',
  poolId,
  targetId: poolId,
  targetName: poolId,
  domainName: 'd',
  region: 'r',
  hardwareClass: 'h',
  fromReplicas: from,
  toReplicas: to,
  ...rest,
})

test('stages run backwards, and each set-point goes back', () => {
  const there = [action('a', 0, 4, { stage: 0 }), action('b', 4, 0, { stage: 1 })]
  expect(inverse(there)).toEqual([action('b', 0, 4, { stage: 0 }), action('a', 4, 0, { stage: 1 })])
})

test('a suspended job is resumed, a cancelled one is gone', () => {
  expect(inverse([action('a', 1, 0, { kind: 'suspend' })])).toEqual([action('a', 0, 1, { kind: 'resume' })])
  expect(inverse([action('a', 1, 2), action('b', 1, 0, { kind: 'cancel' })])).toBeNull()
})
