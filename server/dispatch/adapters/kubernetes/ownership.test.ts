import { expect, test } from 'vitest'
import type { Autoscaler } from './autoscalers.ts'
import { readObject } from './object.ts'
import { mayWrite, ownershipOf, owns } from './ownership.ts'

type Metadata = Record<string, unknown>

const field = ['spec', 'replicas']
const heldBy = (manager: string, fieldsV1: unknown = { 'f:spec': { 'f:replicas': {} } }) => ({
  managedFields: [{ manager, operation: 'Apply', time: '2026-03-10T08:00:00Z', fieldsV1 }],
})

function of(metadata: Metadata, autoscalers: Autoscaler[] = [], unknown: string[] = []) {
  const object = readObject({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } },
    metadata: { name: 'chat', namespace: 'models', uid: 'u', resourceVersion: '1', ...metadata },
  })
  return ownershipOf({ object, field, autoscalers: { found: autoscalers, unknown }, claims: [] })
}

test('nobody else: it may be written; who wrote it last is named and settles nothing', () => {
  expect(of({})).toEqual({ verdict: 'free', managers: [], advice: null, handOverTo: null })
  expect(of(heldBy('kubectl-scale'))).toMatchObject({
    verdict: 'free',
    managers: [{ role: 'writer', name: 'kubectl-scale', note: 'apply at 2026-03-10T08:00:00Z' }],
  })
  expect(of(heldBy('infrasage')).managers).toEqual([])
})

test('where autoscalers may not be seen nobody can tell: it is refused with the right that is missing; a known one goes first', () => {
  const why = 'the connection may not list horizontalpodautoscalers (autoscaling) in namespace models'
  expect(of({}, [], [why])).toMatchObject({
    verdict: 'refused',
    managers: [{ role: 'autoscaler', name: 'not known', note: why }],
    advice: expect.stringContaining(why),
  })
  const known: Autoscaler = { kind: 'ScaledObject', namespace: 'models', name: 'chat' }
  expect(of({}, [known], [why])).toMatchObject({ verdict: 'hand-over', handOverTo: { name: 'chat' } })
})

test('an autoscaler is handed over to, by the reference to map instead', () => {
  const hpa = { kind: 'HorizontalPodAutoscaler', namespace: 'models', name: 'chat' } as const
  expect(of({}, [hpa])).toMatchObject({ verdict: 'hand-over', handOverTo: hpa })
})

test('an owner that can be mapped is handed over to; any other is refused; a CronJob leaves its Jobs alone', () => {
  const owned = (apiVersion: string, kind: string) => ({
    ownerReferences: [{ apiVersion, kind, name: 'chat', controller: true }],
  })
  expect(of(owned('serving.kserve.io/v1beta1', 'InferenceService'))).toMatchObject({
    verdict: 'hand-over',
    handOverTo: { kind: 'InferenceService', namespace: 'models', name: 'chat' },
  })
  expect(of(owned('example.com/v1', 'Widget'))).toMatchObject({
    verdict: 'refused',
    advice: expect.stringContaining('the Widget "chat"'),
  })
  expect(of(owned('batch/v1', 'CronJob')).verdict).toBe('free')
  const beside = { ownerReferences: [{ apiVersion: 'v1', kind: 'Cluster', name: 'c' }] }
  expect(of(beside).verdict).toBe('free')
})

test.each([
  ['Argo CD', 'argocd-controller', /ignoreDifferences/],
  ['Flux', 'kustomize-controller', /Leave spec\.replicas out/],
  ['Flux', 'helm-controller', /Leave spec\.replicas out/],
  ['The managed topology of Cluster API', 'capi-topology', /spec\.topology/],
])('a field that %s holds as %s is refused, saying what to change', (tool, manager, advice) => {
  expect(of(heldBy(manager))).toMatchObject({
    verdict: 'refused',
    advice: expect.stringMatching(advice),
    managers: [
      { role: 'gitops', name: tool },
      { role: 'writer', name: manager },
    ],
  })
})

test('what GitOps keeps without this field is free, and shown', () => {
  const tracked = {
    annotations: { 'argocd.argoproj.io/tracking-id': 'models:apps/Deployment:models/chat' },
    ...heldBy('argocd-controller', { 'f:spec': { 'f:template': {} } }),
  }
  expect(of(tracked)).toMatchObject({ verdict: 'free', managers: [{ role: 'gitops', name: 'Argo CD' }] })
})

test('what Argo CD applied last counts, where its manager lost the field to a later write', () => {
  const annotations = {
    'argocd.argoproj.io/tracking-id': 'models:apps/Deployment:models/chat',
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { replicas: 3 } }),
  }
  expect(of({ annotations }).verdict).toBe('refused')
  const { 'argocd.argoproj.io/tracking-id': _, ...byHand } = annotations
  expect(of({ annotations: byHand }).verdict).toBe('free')
})

test('who keeps the manifest may say that the field may be written; a Flux that is off writes nothing', () => {
  expect(of({ ...heldBy('argocd-controller'), annotations: { [mayWrite]: 'replicas' } }).verdict).toBe('free')
  expect(of({ ...heldBy('argocd-controller'), annotations: { [mayWrite]: 'image' } }).verdict).toBe('refused')
  const off = { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' }
  expect(of({ ...heldBy('kustomize-controller'), annotations: off }).verdict).toBe('free')
})

test('Helm is no loop: it is named, and what its next upgrade may do', () => {
  const released = of({ annotations: { 'meta.helm.sh/release-name': 'chat' }, ...heldBy('helm') })
  expect(released).toMatchObject({
    verdict: 'free',
    managers: [{ name: 'helm' }, { name: 'Helm', note: expect.stringContaining('upgrade') }],
  })
})

test('a path is held down to it, or by what holds a list or map whole', () => {
  expect(owns({ 'f:spec': { 'f:replicas': {} } }, field)).toBe(true)
  expect(owns({ 'f:spec': { 'f:template': { 'f:spec': {} } } }, field)).toBe(false)
  expect(owns({ 'f:spec': { 'f:resourceGroups': {} } }, ['spec', 'resourceGroups', '0'])).toBe(true)
  expect(owns(null, field)).toBe(false)
})
