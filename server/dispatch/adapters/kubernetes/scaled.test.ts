import { expect, test } from 'vitest'
import type { KubernetesRef } from '../../contract.ts'
import { bindKind } from './kinds/index.ts'
import { type KubeObject, readObject } from './object.ts'
import type { Objects } from './objects.ts'
import { kubernetesTarget } from './target.ts'

const ref: KubernetesRef = {
  kind: 'Scale',
  ...{ group: 'example.com', version: 'v1', plural: 'widgets', namespace: 'models', name: 'chat' },
  ready: 'readyReplicas',
}

const object = (resourceVersion: string, spec: object): KubeObject =>
  readObject({
    metadata: { name: 'chat', namespace: 'models', uid: 'u', resourceVersion, generation: 1 },
    ...{ spec, status: { readyReplicas: 20 } },
  })

/** An API server that gives these objects and scales, one after the other. */
function serving(reads: KubeObject[], scales: (KubeObject | Error)[]) {
  const unasked = () => Promise.reject(new Error('nobody asks for it'))
  const next = async (answers: (KubeObject | Error)[]): Promise<KubeObject> => {
    const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers
    if (answer === undefined || answer instanceof Error) throw answer
    return answer
  }
  const objects: Objects = {
    read: () => next(reads),
    readScale: () => next(scales),
    list: async () => ({ items: [], next: null }),
    groups: async () => new Map(),
    ...{ patch: unasked, replaceScale: unasked, resources: unasked },
  }
  return kubernetesTarget({ objects }, bindKind(ref))
}

test('a kind that keeps its number elsewhere is read by its scale', async () => {
  const target = serving([object('7', { size: 20 })], [object('7', { replicas: 20 })])
  expect(await target.observe()).toMatchObject({ desiredReplicas: 20, readyReplicas: 20, lock: '7' })
  const none = serving([object('7', { size: 0 })], [object('7', {})])
  expect(await none.observe()).toMatchObject({ desiredReplicas: 0 })
})

test('an object and a scale of two moments are read again, and not for ever', async () => {
  const read = [object('7', { size: 20 }), object('8', { size: 30 })]
  const target = serving(read, [object('8', { replicas: 30 })])
  expect(await target.observe()).toMatchObject({ desiredReplicas: 30, lock: '8' })
  const restless = serving([object('7', { size: 20 })], [object('8', { replicas: 30 })])
  await expect(restless.observe()).rejects.toThrow('changes faster than it and its scale can be read')
})

test('who may not read the scale is told what the object says, and without that what is missing', async () => {
  const forbidden = Object.assign(new Error('forbidden'), { code: 403 })
  expect(await serving([object('7', { replicas: 4 })], [forbidden]).observe()).toMatchObject({
    desiredReplicas: 4,
  })
  await expect(serving([object('7', { size: 4 })], [forbidden]).observe()).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('where nobody knows which field the number is, whoever keeps any of the spec by GitOps keeps it', async () => {
  // A `replicas` beside it that is something else misleads nobody.
  const kept = object('7', { size: 20, replicas: 1 })
  kept.metadata.managedFields = [
    { manager: 'argocd-controller', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:size': {} } } },
  ]
  const { ownership } = await serving([kept], [object('7', { replicas: 20 })]).observe()
  expect(ownership).toMatchObject({ verdict: 'refused', advice: expect.stringContaining('Argo CD') })
})
