import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Control } from '../../../plan/contract.ts'
import type { KubernetesKind, SetPoint } from '../../contract.ts'
import { type Cluster, standInCluster } from '../../testing/cluster.ts'
import { samples } from '../../testing/kind-samples.ts'
import {
  type KubernetesStandIn,
  kubeconfigFor,
  startKubernetesStandIn,
} from '../../testing/kubernetes-stand-in.ts'
import { readinessContract } from '../../testing/readiness-contract.ts'
import { kubernetes } from './index.ts'
import { bindKind, rulesFor } from './kinds/index.ts'

let standIn: KubernetesStandIn
let cluster: Cluster
let made = 0

beforeAll(async () => {
  standIn = await startKubernetesStandIn()
  cluster = standInCluster(standIn)
}, 60_000)
afterAll(() => standIn.close())

/** One object of a kind with something changed about it, and its adapter. */
async function one(kind: KubernetesKind, patch: Record<string, unknown> = {}) {
  const name = `one-${++made}`
  const sample = samples[kind]
  await sample.create(cluster, name)
  const path = sample.path(name)
  await cluster.change(path, patch)
  const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, sample.ref(name))
  const set = async (replicas: number, more: Partial<SetPoint> = {}) => {
    const control: Control = sample.levels.control
    const setPoint = { replicas, control, final: false, dispatchId: 'decision-1', fencingToken: 1, ...more }
    const { lock } = await adapter.observe()
    const rehearsed = await adapter.dryRun(lock, setPoint)
    const outcome = await adapter.apply(lock, setPoint)
    expect(rehearsed.kind).toBe(outcome.kind === 'applied' ? 'accepted' : outcome.kind)
    return outcome
  }
  return {
    name,
    path,
    adapter,
    set,
    object: () => standIn.object(path).json,
    patched: () => standIn.object(path),
  }
}
const annotated = (key: string, value: string) => ({ metadata: { annotations: { [key]: value } } })
const refusedFor = (words: RegExp) => ({ kind: 'refused', message: expect.stringMatching(words) })

test('whoever asks which autoscalers have an object may list them, by the rules of its kind', () => {
  for (const kind of Object.keys(samples) as KubernetesKind[]) {
    const ref = samples[kind].ref('one')
    const may = rulesFor(ref).some(
      ({ resources, verbs }) => resources.includes('horizontalpodautoscalers') && verbs.includes('list'),
    )
    if (bindKind(ref).scalable) expect(may, kind).toBe(true)
  }
})

readinessContract('a stand-in', () => ({ cluster, kubeconfig: kubeconfigFor(standIn.url) }))

describe('a floor', () => {
  test.each([
    ['HorizontalPodAutoscaler', /maxReplicas, which is 12/],
    ['ScaledObject', /maxReplicaCount, which is 12/],
    ['InferenceService', /spec\.predictor\.maxReplicas, which is 12/],
  ] as const)('of a %s is never above its ceiling', async (kind, words) => {
    const { set, patched } = await one(kind)
    expect(await set(13)).toMatchObject(refusedFor(words))
    expect(await set(12)).toMatchObject({ kind: 'applied' })
    expect(patched().writes).toBeGreaterThan(0)
  })

  test('is as ready as it is high, however much runs above it', async () => {
    const { name, adapter } = await one('HorizontalPodAutoscaler')
    await samples.HorizontalPodAutoscaler.markReady(cluster, name, 11)
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 3, readyReplicas: 3 })
  })

  test('of an autoscaler that is switched off, because what it scales is at no replicas, is refused', async () => {
    const { path, set } = await one('HorizontalPodAutoscaler')
    await cluster.setStatus(path, {
      conditions: [{ type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled' }],
    })
    expect(await set(5)).toMatchObject(refusedFor(/at no replicas/))
  })

  test('where KEDA is paused or idles below it comes to nothing, and is refused', async () => {
    const paused = await one('ScaledObject', annotated('autoscaling.keda.sh/paused-replicas', '2'))
    expect(await paused.set(5)).toMatchObject(refusedFor(/paused/))
    const idle = await one('ScaledObject', { spec: { idleReplicaCount: 0 } })
    expect(await idle.set(5)).toMatchObject(refusedFor(/idleReplicaCount/))
  })

  test('of an autoscaler that KEDA made belongs to KEDA', async () => {
    const owner = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'chat', controller: true }
    const { adapter } = await one('HorizontalPodAutoscaler', { metadata: { ownerReferences: [owner] } })
    expect((await adapter.observe()).ownership).toMatchObject({
      verdict: 'hand-over',
      handOverTo: { kind: 'ScaledObject', name: 'chat' },
    })
  })
})

describe('a Knative Service', () => {
  test('waits for its new Revision to serve', async () => {
    const { path, adapter, name } = await one('KnativeService')
    await samples.KnativeService.markReady(cluster, name, 5)
    await cluster.setStatus(path, { latestCreatedRevisionName: 'two' })
    expect(await adapter.observe()).toMatchObject({
      readyReplicas: 3,
      awaits: expect.stringMatching(/Revision/),
    })
    await cluster.setStatus(path, { latestReadyRevisionName: 'two' })
    expect(await adapter.observe()).toMatchObject({ readyReplicas: 0, awaits: null })
  })

  test('that names its Revision, or pins its traffic, is refused', async () => {
    const named = await one('KnativeService', { spec: { template: { metadata: { name: 'chat-7' } } } })
    expect(await named.set(5)).toMatchObject(refusedFor(/template\.metadata\.name/))
    const traffic = [{ revisionName: 'chat-7', percent: 100 }]
    const pinned = await one('KnativeService', { spec: { traffic } })
    expect(await pinned.set(5)).toMatchObject(refusedFor(/pinned/))
  })
})

describe('a Job', () => {
  test('is suspended and taken up again', async () => {
    const { set, object } = await one('Job')
    await set(0)
    expect(object().spec).toMatchObject({ suspend: true })
    expect(await set(1)).toMatchObject({ kind: 'applied' })
    expect(object().spec).toMatchObject({ suspend: false })
  })

  test('runs with its first ready pod, and stands still when the last one is gone', async () => {
    const { adapter, path, set } = await one('Job')
    await cluster.setStatus(path, { active: 1, ready: 0 })
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 1, readyReplicas: 0 })
    await cluster.setStatus(path, { ready: 1 })
    expect(await adapter.observe()).toMatchObject({ readyReplicas: 1 })
    await set(0)
    await cluster.setStatus(path, { active: null, ready: 0, terminating: 1 })
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 0, readyReplicas: 1 })
    await cluster.setStatus(path, { terminating: 0 })
    expect(await adapter.observe()).toMatchObject({ readyReplicas: 0 })
  })

  test('that is cancelled ends by its deadline, stays to be read, and is not taken up again', async () => {
    const { set, object, adapter } = await one('Job')
    expect(await set(0, { final: true })).toMatchObject({
      kind: 'applied',
      observation: { desiredReplicas: 0 },
    })
    expect(object()).toMatchObject({
      metadata: { annotations: { 'infrasage.dev/cancelled': 'decision-1' } },
      spec: { activeDeadlineSeconds: 1 },
    })
    expect(await set(1)).toMatchObject(refusedFor(/cancelled for good/))
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 0, readyReplicas: 1 })
  })

  test('that has ended is another version, and is left alone', async () => {
    const { adapter, path, set } = await one('Job')
    const { version } = await adapter.observe()
    await cluster.setStatus(path, { active: null, conditions: [{ type: 'Complete', status: 'True' }] })
    const over = await adapter.observe()
    expect(over).toMatchObject({ desiredReplicas: 0, readyReplicas: 0 })
    expect(over.version).not.toBe(version)
    expect(await set(0, { final: true })).toMatchObject(refusedFor(/is over/))
  })

  test('of a queue of Kueue is Kueue’s; a number that is neither 0 nor 1 is refused', async () => {
    const queued = await one('Job', { metadata: { labels: { 'kueue.x-k8s.io/queue-name': 'team' } } })
    expect(await queued.set(0)).toMatchObject(refusedFor(/ClusterQueue behind "team"/))
    const plain = await one('Job')
    expect(await plain.set(3)).toMatchObject(refusedFor(/3 is neither/))
  })
})

test('a CronJob that is cancelled is suspended, and not taken up again', async () => {
  const { set, object } = await one('CronJob')
  await set(0, { final: true })
  expect(object().spec).toMatchObject({ suspend: true })
  expect(await set(1)).toMatchObject(refusedFor(/cancelled for good/))
})

describe('a ceiling', () => {
  test('of a NodePool is counted in nodes, and waits for what runs above it', async () => {
    const { set, object, adapter, path } = await one('NodePool')
    await set(1)
    expect(object().spec).toMatchObject({ limits: { 'nvidia.com/gpu': '8', cpu: '1000' } })
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 1, readyReplicas: 2 })
    await cluster.setStatus(path, { resources: { 'nvidia.com/gpu': '8' } })
    expect(await adapter.observe()).toMatchObject({ readyReplicas: 1 })
  })

  test('that is not there has nothing to move; a NodePool of fixed size hands its scale over', async () => {
    const bare = await one('NodePool', { spec: { limits: null } })
    await expect(bare.adapter.observe()).rejects.toThrow(/has no limit on nvidia\.com\/gpu/)
    const fixed = await one('NodePool', { spec: { replicas: 4 } })
    expect((await fixed.adapter.observe()).ownership).toMatchObject({
      verdict: 'hand-over',
      handOverTo: { kind: 'Scale', plural: 'nodepools', namespace: '' },
    })
  })

  test('that is no whole number of what each takes is read and not written: it could not be restored', async () => {
    const pool = await one('NodePool', { spec: { limits: { 'nvidia.com/gpu': '20' } } })
    expect(await pool.adapter.observe()).toMatchObject({ desiredReplicas: 2 })
    expect(await pool.set(3)).toMatchObject(refusedFor(/is 20, .* of 8 each.*Set it to 16 or 24/))
    expect(pool.object().spec).toMatchObject({ limits: { 'nvidia.com/gpu': '20' } })
  })

  test('of a ClusterQueue moves one quota and no other; what is borrowed is not its own', async () => {
    const { set, object, adapter, path } = await one('ClusterQueue')
    await set(5)
    const flavors = [
      { name: 'l4', resources: [{ name: 'nvidia.com/gpu', nominalQuota: '16' }] },
      {
        name: 'h100',
        resources: [
          { name: 'cpu', nominalQuota: '64' },
          { name: 'nvidia.com/gpu', nominalQuota: '10', borrowingLimit: '4' },
        ],
      },
    ]
    expect(object().spec).toMatchObject({ resourceGroups: [{ flavors }] })
    const usage = { name: 'nvidia.com/gpu', total: '14', borrowed: '4' }
    await cluster.setStatus(path, { flavorsUsage: [{ name: 'h100', resources: [usage] }] })
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 5, readyReplicas: 5 })
  })
})

test('a node pool that the cluster autoscaler sizes, and a model that Seldon scales, are refused', async () => {
  const sized = 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size'
  const pool = await one('MachineDeployment', annotated(sized, '1'))
  expect(await pool.set(5)).toMatchObject(refusedFor(/cluster autoscaler/))
  const model = await one('SeldonModel', { spec: { minReplicas: 1 } })
  expect(await model.set(5)).toMatchObject(refusedFor(/Seldon moves the replicas itself/))
  const graph = await one('SeldonDeployment', { spec: { predictors: [{ name: 'a', replicas: 2 }] } })
  expect(await graph.set(5)).toMatchObject(refusedFor(/predictors/))
})
