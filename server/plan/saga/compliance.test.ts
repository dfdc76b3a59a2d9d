import { expect, test } from 'vitest'
import { replanLevels } from '../coupled/plan-workload.ts'
import { ruleWorkload, ruleWorld } from '../rules/testing/rule-world.ts'
import { planInput, testCapacity } from '../testing/plan-input.ts'

const owned = {
  ...testCapacity,
  poolId: 'owned',
  targetId: 'owned-target',
  targetName: 'chat-owned',
  domain: { ...testCapacity.domain, name: 'own-hall' },
  offering: { ...testCapacity.offering, id: 'own', market: 'owned' as const, pricePerReplicaHourUsd: 1 },
  desiredReplicas: 2,
}
const { id } = planInput().workload

test('levels that a person chose of several pools are answered with the most of them that complies, and the price', () => {
  const rules = ruleWorld(
    [{ name: 'cap', kind: 'cost-per-hour', enforcement: 'hard-mandatory', limitUsd: 20 }],
    { workloads: [{ ...ruleWorkload, id }], pools: [] },
  )
  const input = planInput({ otherPools: [owned], rules })
  const wanted = [
    { poolId: testCapacity.poolId, toReplicas: 10 },
    { poolId: 'owned', toReplicas: 6 },
  ]
  // $14 now; four more of each are $26. Of the dearer one the limit leaves one.
  const { allowed, compliance } = replanLevels([input], wanted)
  expect(allowed).toBe(false)
  expect(compliance?.rules).toEqual(['cap'])
  expect(compliance?.nearest).toMatchObject({ share: 0.625, figures: { costPerHourUsd: 20 } })
  expect(compliance?.nearest?.actions.map(({ toReplicas }) => toReplicas)).toEqual([7, 6])
  expect(compliance?.prices).toMatchObject([{ rule: 'cap', savesUsdPerHour: -6 }])
  expect(compliance?.prices[0]?.savesSloRisk).toBeGreaterThanOrEqual(0)
  expect(replanLevels([input], [{ poolId: 'owned', toReplicas: 6 }]).compliance).toBeUndefined()
})
