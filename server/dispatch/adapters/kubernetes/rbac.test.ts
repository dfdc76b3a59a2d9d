import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { KubernetesRef } from '../../contract.ts'
import { discoveryGrants } from './grants.ts'
import { rbacManifest } from './rbac.ts'

const deployment = (namespace: string, name: string): KubernetesRef => ({
  kind: 'Deployment',
  namespace,
  name,
})
const nodes: KubernetesRef = { kind: 'NodePool', name: 'gpu', resource: 'cpu', perNode: '8' }
const options = { discovery: false, also: [] }
const objectsOf = (refs: KubernetesRef[], change = {}) =>
  parseAllDocuments(rbacManifest(refs, { ...options, ...change })).map((document) => document.toJS())

test('a Deployment: its own reading and scale by name, the autoscalers of its namespace, and nothing more', () => {
  const [account, role, binding, ...more] = objectsOf([deployment('models', 'chat')])
  expect(more).toEqual([])
  expect(account).toMatchObject({
    kind: 'ServiceAccount',
    metadata: { namespace: 'infrasage', name: 'infrasage' },
  })
  expect(role).toMatchObject({ kind: 'Role', metadata: { namespace: 'models', name: 'infrasage-targets' } })
  expect(role.rules).toEqual([
    { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['chat'], verbs: ['get'] },
    { apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['chat'], verbs: ['update'] },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
    { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['list'] },
  ])
  expect(binding).toMatchObject({
    ...{ kind: 'RoleBinding', metadata: { namespace: 'models' } },
    roleRef: { kind: 'Role', name: 'infrasage-targets' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'infrasage', name: 'infrasage' }],
  })
})

test('a role for each namespace and one for the cluster; the order of targets changes nothing', () => {
  const refs = [deployment('models', 'chat'), nodes, deployment('edge', 'ears'), deployment('models', 'big')]
  const manifest = rbacManifest(refs, options)
  expect(rbacManifest(refs.toReversed(), options)).toBe(manifest)
  const objects = objectsOf(refs)
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
    ...['ServiceAccount infrasage', 'Role edge', 'RoleBinding edge', 'Role models', 'RoleBinding models'],
    ...['ClusterRole ', 'ClusterRoleBinding '],
  ])
  expect(objects[3].rules[0].resourceNames).toEqual(['big', 'chat'])
  expect(objects[5].rules).toEqual([
    {
      apiGroups: ['karpenter.sh'],
      resources: ['nodepools'],
      resourceNames: ['gpu'],
      verbs: ['get', 'patch'],
    },
  ])
})

test('what is to become a target is granted beside those that are, and a kind that is none is named', () => {
  const both = rbacManifest([deployment('models', 'chat'), deployment('models', 'embed')], options)
  const one = rbacManifest([deployment('models', 'chat')], { ...options, also: ['models/Deployment/embed'] })
  const granted = (manifest: string) => manifest.replace(/^(#.*\n)+/, '')
  expect(granted(one)).toBe(granted(both))
  expect(one).toContain('for 1 target and 1 object to be mapped')
  expect(rbacManifest([], options)).toMatch(
    /for 0 targets.*\n# It has no targets yet, so no right is granted/,
  )
  expect(() => rbacManifest([], { ...options, also: ['edge/Secret/any'] })).toThrow(
    /object "edge\/Secret\/any"/,
  )
})

test('no target, no right; a user is bound as a user; finding targets lists and does no more', () => {
  expect(objectsOf([], { user: 'sage' })).toEqual([])
  const objects = objectsOf([deployment('models', 'chat')], { user: 'sage', discovery: true })
  expect(objects.map(({ kind }) => kind)).toEqual([
    'Role',
    'RoleBinding',
    'ClusterRole',
    'ClusterRoleBinding',
  ])
  expect(objects[1].subjects).toEqual([{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'sage' }])
  expect(new Set(discoveryGrants().flatMap(({ verbs }) => verbs))).toEqual(new Set(['list']))
})
