import { expect, test } from 'vitest'
import { actionOn, type CapacitySnapshot, type PlanContent } from '../plan/contract.ts'
import { replan } from '../plan/index.ts'
import { planInput, testCapacity } from '../plan/testing/plan-input.ts'
import { contentColumns } from './content-columns.ts'

const proposalId = '00000000-0000-4000-8000-00000000000a'
const content = replan(planInput(), 10)
const functions: CapacitySnapshot = {
  ...testCapacity,
  poolId: '00000000-0000-4000-8000-0000000000f1',
  targetId: '00000000-0000-4000-8000-0000000000f2',
  offering: { ...testCapacity.offering, hardwareClass: 'function-4gb' },
  control: 'warm',
  desiredReplicas: 0,
}
const warmed = actionOn(functions, 17, { kind: 'prewarm' })
const beside = (actions: PlanContent['actions']): PlanContent => ({
  ...content,
  actions,
  evidence: { ...content.evidence, otherPools: [functions] },
})
const change = { fromReplicas: 6, toReplicas: 10, place: 'Aster Cloud, EU West, L40S' }

test('a row tells what the only action changes, and where, also of a pool that does not lead', () => {
  expect(contentColumns(proposalId, content)).toMatchObject(change)
  expect(contentColumns(proposalId, beside([warmed]))).toMatchObject({
    fromReplicas: 0,
    toReplicas: 17,
    place: 'Aster Cloud, EU West, function-4gb',
  })
})

test('of several actions it tells the leading pool', () => {
  expect(contentColumns(proposalId, beside([...content.actions, warmed]))).toMatchObject(change)
})
