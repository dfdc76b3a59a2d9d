import { expect, test } from 'vitest'
import type { Action } from './contract.ts'
import { checkPolicy } from './policy.ts'
import { testCapacity, testPolicy } from './testing/plan-input.ts'

const spot = { ...testCapacity, poolId: 'spot', desiredReplicas: 0 }
const check = (actions: Action[], policy = testPolicy) =>
  checkPolicy({
    actions,
    pools: [testCapacity, spot],
    policy,
    requiredSecurityTier: 1,
    telemetryStale: false,
  }).flatMap(({ rule, passed }) => (passed ? [] : [rule]))
const move = (poolId: string, fromReplicas: number, toReplicas: number, stage: number): Action => {
  const { targetId, targetName, domain, offering } = testCapacity
  return {
    kind: 'scale',
    stage,
    poolId,
    targetId,
    targetName,
    domainName: domain.name,
    region: domain.region,
    hardwareClass: offering.hardwareClass,
    fromReplicas,
    toReplicas,
  }
}

test('the bounds of a workload hold over all of its pools, at every moment of a move', () => {
  const addFirst = [move('spot', 0, 4, 0), move(testCapacity.poolId, 6, 2, 1)]
  expect(check(addFirst)).toEqual([])
  expect(check(addFirst, { ...testPolicy, maxReplicas: 9 })).toEqual(['max-replicas'])
  expect(check(addFirst, { ...testPolicy, costLimitPerHourUsd: 19 })).toEqual(['cost-limit'])
  const takeFirst = [move(testCapacity.poolId, 6, 2, 0), move('spot', 0, 4, 1)]
  expect(check(takeFirst, { ...testPolicy, minReplicas: 3 })).toEqual(['min-replicas'])
  expect(check(takeFirst, { ...testPolicy, maxReplicas: 6, costLimitPerHourUsd: 12 })).toEqual([])
})

test('pools of others are not held against this policy', () => {
  expect(check([move('of-another', 0, 90, 0)])).toEqual([])
})

test('telemetry that is stale says why it forbids nothing where it does not', () => {
  const actual = (action: Action) =>
    checkPolicy({
      actions: [action],
      pools: [testCapacity, spot],
      policy: testPolicy,
      requiredSecurityTier: 1,
      telemetryStale: true,
    }).find(({ rule }) => rule === 'telemetry-fresh')
  const of = move(testCapacity.poolId, 6, 4, 0)
  expect(actual(of)).toMatchObject({ passed: false, actual: 'stale' })
  expect(actual({ ...of, toReplicas: 7 })).toMatchObject({
    passed: true,
    actual: 'stale, but no capacity is taken away',
  })
  expect(actual({ ...of, kind: 'cancel', toReplicas: 0 })).toMatchObject({
    passed: true,
    actual: 'stale, but a stop takes no capacity away',
  })
})
