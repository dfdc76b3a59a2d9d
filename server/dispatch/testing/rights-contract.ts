import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { kubernetesClient } from '../adapters/kubernetes/client.ts'
import { kubernetes } from '../adapters/kubernetes/index.ts'
import type { KubernetesKind } from '../contract.ts'
import type { Cluster } from './cluster.ts'
import { namespace, samples } from './kind-samples.ts'

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})

const rulesOf = z.looseObject({
  rules: z.array(z.looseObject({ resourceNames: z.array(z.string()).optional() })).optional(),
})

/** Applies generated manifests as the cluster's admin would. */
async function grant(cluster: Cluster, manifest: string): Promise<void> {
  for (const document of parseAllDocuments(manifest)) {
    const { apiVersion, kind, metadata, ...rest } = object.parse(document.toJS())
    const place = metadata.namespace ? `namespaces/${metadata.namespace}/` : ''
    const path = `${apiVersion}/${place}${kind.toLowerCase()}s/${metadata.name}`
    await cluster.create(path, { apiVersion, kind, metadata, ...rest })
  }
}

/**
 * A user who holds what the manifest grants, and nothing else, can read, rehearse and write every mapped target, of every kind, and
 * no more than that.
 */
export function rightsContract(
  reach: () => { cluster: Cluster; newcomer: string },
  kinds = Object.keys(samples) as KubernetesKind[],
): void {
  describe('what a manifest grants', () => {
    const refs = kinds.map((kind) => samples[kind].ref(`granted-${kind.toLowerCase()}`))
    const setPoint = (kind: KubernetesKind) => ({
      ...{ replicas: samples[kind].levels.to, control: samples[kind].levels.control },
      ...{ final: false, dispatchId: crypto.randomUUID(), fencingToken: 1 },
    })

    test('before it is applied, the test of the connection names every right that is missing', async () => {
      const { cluster, newcomer } = reach()
      for (const kind of kinds) await samples[kind].create(cluster, `granted-${kind.toLowerCase()}`)
      await samples.Deployment.create(cluster, 'not-mapped')
      const {
        knownAs,
        version,
        missing,
        kinds: present,
      } = await kubernetes.examine({ kubeconfig: newcomer }, refs)
      expect(knownAs).toBe('newcomer')
      expect(version).toMatch(/^v1\./)
      expect(present).toEqual(kinds.filter((kind) => kind !== 'Scale'))
      expect(missing).toContain(
        `may not update deployments/scale (apps) "granted-deployment" in namespace ${namespace}`,
      )
      expect(missing).toContain('may not patch nodepools (karpenter.sh) "granted-nodepool" in the cluster')
    })

    test('without the part about autoscalers it lets a Deployment be read, and a write is refused that names the right', async () => {
      const { cluster, newcomer } = reach()
      const whole = { user: 'newcomer', also: [], discovery: false }
      const ref = samples.Deployment.ref('granted-deployment')
      const some = parseAllDocuments(kubernetes.rights([ref], whole) ?? '').map((document) => {
        document.setIn(['metadata', 'name'], 'own-objects-alone')
        if (document.hasIn(['roleRef'])) document.setIn(['roleRef', 'name'], 'own-objects-alone')
        const rules = rulesOf.parse(document.toJS()).rules?.filter(({ resourceNames }) => resourceNames)
        if (rules) document.set('rules', rules)
        return JSON.stringify(document.toJS())
      })
      await grant(cluster, some.join('\n---\n'))
      const target = await kubernetes.open({ kubeconfig: newcomer }, ref)
      const { lock, ownership } = await target.observe()
      expect(ownership.verdict).toBe('refused')
      expect(ownership.managers.map(({ note }) => note)).toEqual(
        expect.arrayContaining([
          'the connection may not list horizontalpodautoscalers (autoscaling) in namespace default',
          'the connection may not list scaledobjects (keda.sh) in namespace default',
        ]),
      )
      expect(await target.apply(lock, setPoint('Deployment'))).toMatchObject({ kind: 'refused' })
    })

    test('is all that the mapped targets need, of every kind', async () => {
      const { cluster, newcomer } = reach()
      await grant(cluster, kubernetes.rights(refs, { user: 'newcomer', also: [], discovery: false }) ?? '')
      const config = { kubeconfig: newcomer }
      expect((await kubernetes.examine(config, refs)).missing).toEqual([])
      for (const [index, kind] of kinds.entries()) {
        const target = await kubernetes.open(config, refs[index])
        const { lock, desiredReplicas } = await target.observe()
        expect(desiredReplicas, kind).toBe(samples[kind].levels.from)
        expect(await target.dryRun(lock, setPoint(kind)), kind).toMatchObject({ kind: 'accepted' })
        expect(await target.apply(lock, setPoint(kind)), kind).toMatchObject({ kind: 'applied' })
      }
    })

    test('is nothing else: no other object, no other verb, no secret, no other namespace', async () => {
      const config = { kubeconfig: reach().newcomer }
      const other = await kubernetes.open(config, { namespace, kind: 'CronJob', name: 'not-mapped' })
      await expect(other.observe()).rejects.toThrow(/cannot get resource/)
      const client = await kubernetesClient(config, 10_000)
      const asked = { group: 'apps', resource: 'deployments', namespace, name: 'granted-deployment' }
      const never = [
        { ...asked, verb: 'update' },
        { ...asked, verb: 'patch' },
        { ...asked, verb: 'delete' },
        { ...asked, verb: 'create', name: null },
        { ...asked, verb: 'get', namespace: 'kube-system' },
        { ...asked, verb: 'get', group: 'batch', resource: 'jobs', name: 'not-mapped' },
        { ...asked, verb: 'list', name: null, group: 'batch', resource: 'jobs' },
        { ...asked, verb: 'update', resource: 'deployments/scale', name: 'not-mapped' },
        { ...asked, verb: 'update', resource: 'deployments/scale', name: null },
        { ...asked, verb: 'list', group: '', resource: 'secrets', name: null },
        { ...asked, verb: 'get', group: '', resource: 'secrets', name: 'any' },
        { ...asked, verb: 'create', group: '', resource: 'pods/exec', name: null },
        { ...asked, verb: 'patch', group: 'karpenter.sh', resource: 'nodepools', namespace: null, name: 'x' },
      ]
      for (const each of never) expect(await client.may(each), JSON.stringify(each)).toBe(false)
    })
  })
}
