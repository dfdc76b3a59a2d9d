import { expect, test } from 'vitest'
import { nobodyElses } from '../../server/dispatch/contract.ts'
import { beginChoice, type FoundRow, isComplete, keyOf, mappedAs } from './mapping.ts'

const row: FoundRow = {
  ref: { kind: 'NodePool', name: 'gpu', resource: 'nvidia.com/gpu', perNode: '8' },
  ...{ label: 'NodePool/gpu', kind: 'NodePool', namespace: null, name: 'gpu', appName: null },
  ...{ desired: 3, controls: ['nodes'], ownership: nobodyElses, targetName: null },
  suggestion: { workloadId: 'w2', why: 'the names are alike' },
}

test('a choice begins at what was suggested, and is complete once it says what one of them serves', () => {
  const choice = { ...beginChoice(row), offeringId: 'o1' }
  expect(choice).toMatchObject({ workloadId: 'w2', control: 'nodes' })
  expect(beginChoice({ ...row, suggestion: null })).toMatchObject({ workloadId: '', offeringId: '' })
  expect(isComplete(choice)).toBe(false)
  expect(isComplete({ ...choice, capacity: '12.5' })).toBe(true)
  expect(isComplete({ ...choice, control: 'run' })).toBe(true)
  expect(isComplete({ ...choice, capacity: '12', offeringId: '' })).toBe(false)
})

test('what is sent is what was chosen, under a name that tells two resources of one object apart', () => {
  const choice = { ...beginChoice(row), offeringId: 'o1', capacity: '12', ref: { ...row.ref, perNode: '4' } }
  expect(mappedAs(row, choice)).toEqual({
    name: 'NodePool/gpu nvidia.com/gpu',
    ref: { kind: 'NodePool', name: 'gpu', resource: 'nvidia.com/gpu', perNode: '4' },
    pool: { workloadId: 'w2', offeringId: 'o1', control: 'nodes', capacityPerReplica: 12 },
  })
  expect(keyOf(row)).not.toBe(keyOf({ ref: { ...row.ref, resource: 'cpu' } }))
})
