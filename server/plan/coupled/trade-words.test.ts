import { expect, test } from 'vitest'
import { forecastOf } from '../testing/plan-input.ts'
import { replanLevels } from './plan-workload.ts'
import { poolNamed, workloadOn } from './testing/pools.ts'

const domain = { id: 'domain-here', name: 'here' }
const quiet = forecastOf(
  Array.from({ length: 60 }, () => 20),
  0.05,
)
const traded = (first: number, second: number, dearer: Parameters<typeof poolNamed>[1]) => {
  const pools = [
    poolNamed('a', { desiredReplicas: 8, domain, offering: { pricePerReplicaHourUsd: 2 } }),
    poolNamed('b', { desiredReplicas: 6, domain, offering: { pricePerReplicaHourUsd: 4 }, ...dearer }),
  ]
  const input = workloadOn(pools, { forecast: quiet })
  const { summary, purpose } = replanLevels(
    [input],
    [
      { poolId: 'a', toReplicas: first },
      { poolId: 'b', toReplicas: second },
    ],
  )
  return { purpose, why: summary.slice(summary.lastIndexOf(', ') + 2) }
}

test('what costs more is not said to cost less, and one market is no other', () => {
  expect(traded(3, 11, {})).toEqual({
    purpose: 'capacity',
    why: 'the same capacity for $10.00/h more',
  })
})

test('capacity that is not the same is not said to be', () => {
  expect(traded(3, 7, {}).why).toMatch(
    /^100 instead of 140 .+ of capacity on these pools for \$6\.00\/h less$/,
  )
})

test('another market and another place are named where they are one', () => {
  const spot = { offering: { market: 'spot' as const, pricePerReplicaHourUsd: 1 } }
  expect(traded(3, 11, spot)).toEqual({
    purpose: 'market',
    why: 'the same capacity for $5.00/h less on another market',
  })
  expect(traded(3, 11, { domain: { id: 'domain-there', name: 'there' } })).toMatchObject({
    purpose: 'migrate',
    why: expect.stringMatching(/^the same capacity .*elsewhere$/),
  })
})
