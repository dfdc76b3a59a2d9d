import { expect, test } from 'vitest'
import { whatHoldsRises } from './held-rise.ts'
import { ruleWorkload, ruleWorld } from './rules/testing/rule-world.ts'
import { planInput, testCapacity } from './testing/plan-input.ts'

const { id } = planInput().workload
const beside = {
  ...testCapacity,
  poolId: 'beside',
  targetId: 'beside-target',
  offering: { ...testCapacity.offering, id: 'beside', pricePerReplicaHourUsd: 1 },
}

test('rules and bounds that let no pool take one more are named; one pool that may is enough', () => {
  const cap = (limitUsd: number) =>
    ruleWorld([{ name: 'cap', kind: 'cost-per-hour', enforcement: 'hard-mandatory', limitUsd }], {
      workloads: [{ ...ruleWorkload, id }],
      pools: [],
    })
  const held = (limitUsd: number, otherPools = [beside]) =>
    whatHoldsRises(planInput({ otherPools, rules: cap(limitUsd) })).map(({ name, rule }) => name ?? rule)
  // Six at $2 and six at $1 stand.
  expect(held(18)).toEqual(['cap'])
  expect(held(19)).toEqual([])
  expect(held(13, [])).toEqual(['cap'])
  expect(held(14, [])).toEqual([])
  const full = { ...testCapacity, offering: { ...testCapacity.offering, quotaReplicas: 6 } }
  expect(whatHoldsRises(planInput({ capacity: full })).map(({ rule }) => rule)).toEqual(['quota'])
})
