import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actionOn, type PlanContent } from '../plan/contract.ts'
import { replan } from '../plan/index.ts'
import { planInput, testCapacity, testPolicy } from '../plan/testing/plan-input.ts'
import { bindingHash, type Conditions, conditionsIn, movesSince } from './binding.ts'
import { type ApprovalBinding, bindingOf } from './contract.ts'
import { differs } from './same-advice.ts'

const proposalId = '00000000-0000-4000-8000-00000000000a'
const content = replan(planInput(), 10)
const binding = bindingOf(proposalId, content)

const conditions: fc.Arbitrary<Conditions> = fc.record({
  policyVersion: fc.integer({ min: 1, max: 3 }),
  targets: fc
    .constantFrom('7', '8')
    .map((observedVersion) => [{ targetId: testCapacity.targetId, observedVersion }]),
  prices: fc
    .record(
      {
        pricePerReplicaHourUsd: fc.constantFrom(1, 2.5),
        priceProfileUsd: fc.constantFrom(Array(24).fill(1), Array(24).fill(2.5)),
        pricePerMillionRequestsUsd: fc.constantFrom(40, 60),
      },
      { requiredKeys: ['pricePerReplicaHourUsd'] },
    )
    .map((terms) => [{ offeringId: testCapacity.offering.id, ...terms }]),
  otherPolicies: fc.constantFrom(1, 2).map((version) => [{ workloadId: 'w', version }]),
})

describe('the binding of an approval', () => {
  test('holds the actions, the version of the target, the policy and the prices', () => {
    expect(binding).toEqual({
      format: 'infrasage-approval/1',
      proposalId,
      actions: [
        expect.objectContaining({ targetId: testCapacity.targetId, fromReplicas: 6, toReplicas: 10 }),
      ],
      targets: [{ targetId: testCapacity.targetId, observedVersion: '7' }],
      policyVersion: 1,
      prices: [{ offeringId: testCapacity.offering.id, pricePerReplicaHourUsd: 2 }],
    })
  })

  test('has the hash today that it was stored under', () => {
    const actions = [actionOn(testCapacity, 10, { kind: 'scale' })]
    const one: PlanContent = { ...content, actions }
    expect(bindingHash(bindingOf(proposalId, one))).toBe(
      'b085669f9fc0032ade719f79aba4ca91923ce8348fdc777434592e647c2cbbbe',
    )
    // Terms that the evidence does not name are those of the pool's offering.
    const terms = { priceProfileUsd: Array<number>(24).fill(2), pricePerMillionRequestsUsd: null }
    const capacity = { ...testCapacity, offering: { ...testCapacity.offering, ...terms } }
    const otherPolicies = [{ workloadId: 'w', version: 2 }]
    const evidence = { ...content.evidence, capacity, prices: [], ruleSetVersion: 4, otherPolicies }
    const saga: PlanContent = { ...one, purpose: 'market', inverse: null, evidence }
    expect(bindingHash(bindingOf(proposalId, saga))).toBe(
      '281c6a370e60c9ed1bddc7e0562077088b6cba93680fccdb146784c17229b3ed',
    )
  })

  test('has another hash as soon as anything in it differs', () => {
    const [action] = binding.actions
    if (!action) throw new Error('no action')
    const others: ApprovalBinding[] = [
      { ...binding, proposalId: '00000000-0000-4000-8000-00000000000b' },
      { ...binding, actions: [{ ...action, toReplicas: 11 }] },
      { ...binding, actions: [] },
      { ...binding, targets: [{ targetId: testCapacity.targetId, observedVersion: '8' }] },
      { ...binding, policyVersion: 2 },
      { ...binding, prices: [{ offeringId: testCapacity.offering.id, pricePerReplicaHourUsd: 2.01 }] },
    ]
    expect(new Set([binding, ...others].map(bindingHash)).size).toBe(others.length + 1)
  })

  test('something moved exactly if the hash would be another one', () => {
    fc.assert(
      fc.property(conditions, conditions, (before, now) => {
        const saga = { ...binding, format: 'infrasage-approval/2', inverse: null } as const
        const same = bindingHash({ ...saga, ...before }) === bindingHash({ ...saga, ...now })
        expect(movesSince(before, now).length === 0).toBe(same)
      }),
    )
  })

  test('what moved is named, old and new', () => {
    const now = {
      policyVersion: 3,
      targets: [{ targetId: testCapacity.targetId, observedVersion: '9' }],
      prices: [{ offeringId: testCapacity.offering.id, pricePerReplicaHourUsd: 2.5 }],
      otherPolicies: [],
    }
    const bound = conditionsIn(binding)
    expect(movesSince(bound, now)).toEqual([
      'the policy moved: version 1 → 3',
      'the target was changed by somebody else: version 7 → 9',
      'the price moved: $2 per replica-hour → $2.5 per replica-hour',
    ])
    const levelOf = (targetId: string) => (targetId === testCapacity.targetId ? { from: 2, to: 3 } : null)
    expect(movesSince(bound, { ...bound, targets: now.targets }, levelOf)).toEqual([
      'the target was changed by somebody else: version 7 → 9, asked for 2 → 3',
    ])
    expect(movesSince(bound, { ...bound, targets: [] })).toEqual([
      'the target was changed by somebody else: version 7 → none',
    ])
  })
})

describe('a newer plan is other advice', () => {
  const wide = { ...testPolicy, maxStepUp: 100, maxReplicas: 100 }

  test('not when only the forecast was refreshed', () => {
    expect(
      differs(proposalId, content, replan(planInput({ now: '2026-03-02T09:03:00.000Z' }), 10)),
    ).toBeNull()
  })

  test('when the set-point moves by more than a tenth of the change', () => {
    const at = (to: number) => replan(planInput({ policy: wide }), to)
    expect(differs(proposalId, at(26), at(28))).toBeNull()
    expect(differs(proposalId, at(26), at(29))).toBe('the advice moved from 26 to 29 replicas')
    expect(differs(proposalId, content, replan(planInput(), 11))).toBe(
      'the advice moved from 10 to 11 replicas',
    )
  })

  test('in the first minute less is not, nor a quarter more; much more is, and what turns round', () => {
    const at = (to: number) => replan(planInput({ policy: wide }), to)
    const young = (old: number, fresh: number) => differs(proposalId, at(old), at(fresh), true)
    expect(young(26, 12)).toBeNull()
    expect(young(26, 31)).toBeNull()
    expect(young(26, 32)).toBe('the advice moved from 26 to 32 replicas')
    expect(young(8, 9)).toBeNull()
    expect(young(8, 10)).toBe('the advice moved from 8 to 10 replicas')
    expect(young(26, 4)).toContain('turned from up to down')
  })

  test('when it turns round, or anything bound has moved', () => {
    expect(differs(proposalId, content, replan(planInput(), 4))).toContain('turned from up to down')
    const newPolicy = planInput({ policy: { ...testPolicy, version: 2 } })
    expect(differs(proposalId, content, replan(newPolicy, 10))).toContain('version 1 → 2')
    const moved = planInput({ capacity: { ...testCapacity, observedVersion: '8' } })
    expect(differs(proposalId, content, replan(moved, 10))).toContain('version 7 → 8')
  })
})
