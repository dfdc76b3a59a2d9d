import { expect, test } from 'vitest'
import { listedPriceUsd, paidSteps, serves } from './contract.ts'
import { poolNamed } from './coupled/testing/pools.ts'
import { governed } from './governed.ts'

const pods = poolNamed('pods', { desiredReplicas: 8, offering: { pricePerReplicaHourUsd: 2 } })
const nodes = poolNamed('nodes', {
  ...{ control: 'nodes', governsPoolId: 'pods', replicasPerNode: 4, desiredReplicas: 2 },
  offering: { pricePerReplicaHourUsd: 6, leadTimeP50Seconds: 200, leadTimeP90Seconds: 400, quotaReplicas: 5 },
})
const size = poolNamed('size', { control: 'size', governsPoolId: 'pods', desiredReplicas: 60 })
const costOf = (pools: (typeof pods)[]) =>
  pools.reduce((sum, pool) => {
    return sum + pool.offering.pricePerReplicaHourUsd * paidSteps(pool, pool.desiredReplicas)
  }, 0)

test('nodes that hold replicas serve nothing, those that hold none do', () => {
  expect([pods, nodes, size].map(serves)).toEqual([true, false, false])
  expect(serves({ control: 'nodes', governsPoolId: null })).toBe(true)
})

test('replicas on nodes take both lead times, are paid with the nodes, and have their room', () => {
  const [held] = governed([pods, nodes])
  expect(held?.offering).toMatchObject({
    leadTimeP50Seconds: 320,
    leadTimeP90Seconds: 640,
    quotaReplicas: 20,
  })
  expect(costOf(governed([pods, nodes]))).toBe(12)
  expect(held && listedPriceUsd(held)).toBe(1.5)
})

test('replicas of a smaller size cost its share; what the size changes of that is what it costs', () => {
  const pools = governed([pods, size])
  const [, cut] = pools
  expect(costOf(pools)).toBeCloseTo(8 * 2 * 0.6)
  expect(cut && cut.offering.pricePerReplicaHourUsd * (paidSteps(cut, 30) - paidSteps(cut, 60))).toBeCloseTo(
    -8 * 2 * 0.3,
  )
})

test('a pool alone stays as it was', () => {
  expect(governed([pods, null])).toEqual([pods, null])
})
