import { expect, test } from 'vitest'
import { kubernetesRef } from '../../server/dispatch/contract.ts'
import { everyKind, fieldsOf, refOf } from './kind-fields.ts'

const filled = {
  ...{ group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', namespace: 'models', name: ' chat ' },
  ...{ flavor: 'h100', resource: 'nvidia.com/gpu', perNode: '8', perReplica: '2' },
}

test('every kind asks for all that its reference needs, and for nothing else', () => {
  expect(everyKind).toHaveLength(15)
  for (const kind of everyKind) {
    const { ref, wrong } = refOf(kind, filled)
    expect([kind, wrong]).toEqual([kind, {}])
    expect(kubernetesRef.parse(ref)).toEqual(ref)
    expect(Object.keys(ref)).toHaveLength(fieldsOf(kind).length + 1)
  }
})

test('what is wrong is said of its part, before anything is sent', () => {
  expect(refOf('NodePool', { ...filled, perNode: 'many' }).wrong).toEqual({
    perNode: 'must be a quantity, such as 8 or 64Gi',
  })
  expect(Object.keys(refOf('Deployment', { namespace: 'models', name: 'Chat/1' }).wrong)).toEqual(['name'])
  expect(refOf('Scale', { ...filled, namespace: '' }).wrong).toEqual({})
})
