import { afterAll, beforeAll, expect, test } from 'vitest'
import { standInCluster } from '../../testing/cluster.ts'
import { faultContract } from '../../testing/fault-contract.ts'
import { freeUrl } from '../../testing/free-url.ts'
import { kindContract } from '../../testing/kind-contract.ts'
import { kubeAssets } from '../../testing/kube-apiserver.ts'
import {
  type KubernetesStandIn,
  kubeconfigFor,
  startKubernetesStandIn,
} from '../../testing/kubernetes-stand-in.ts'
import { kubernetes } from './index.ts'

let standIn: KubernetesStandIn
let nowhere: string
let made = 0

beforeAll(async () => {
  standIn = await startKubernetesStandIn()
  nowhere = await freeUrl()
  // The vendor's client takes seconds to load; not at the expense of the first test.
  await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, refOf('Deployment', 'none'))
}, 60_000)
afterAll(() => standIn.close())

function refOf(kind: string, name: string) {
  return { namespace: 'models', kind, name }
}

function fresh(kind: 'Deployment' | 'StatefulSet') {
  standIn.arrived.write = 0
  standIn.faults.length = 0
  const name = `chat-${++made}`
  const at = `models/${kind.toLowerCase()}s/${name}`
  const object = standIn.add(at, 3)
  return { at, object, ref: refOf(kind, name) }
}

kindContract(
  'kubernetes, against the stand-in',
  async () => ({
    cluster: standInCluster(standIn),
    kubeconfig: kubeconfigFor(standIn.url),
    stranger: kubeconfigFor(standIn.url, 'another'),
    nowhere: kubeconfigFor(nowhere),
  }),
  // Where the real API server is, every kind is tried there.
  kubeAssets() === null ? undefined : ['Deployment', 'HorizontalPodAutoscaler'],
)

faultContract('kubernetes', async (requestTimeoutMs) => ({
  adapter: await kubernetes.open(
    { kubeconfig: kubeconfigFor(standIn.url) },
    fresh('Deployment').ref,
    requestTimeoutMs,
  ),
  standIn,
  refusal: (status, message) => ({
    status,
    body: { kind: 'Status', status: 'Failure', message, code: status },
  }),
}))

test('a status update moves the lock and not the version', async () => {
  const { at, ref } = fresh('Deployment')
  const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref)
  const before = await adapter.observe()
  standIn.markReady(at, 2)
  const after = await adapter.observe()
  expect(after.version).toBe(before.version)
  expect(after.lock).not.toBe(before.lock)
  const stale = await adapter.apply(before.lock, {
    replicas: 4,
    control: 'replicas' as const,
    final: false,
    dispatchId: 'd',
    fencingToken: 1,
  })
  expect(stale).toMatchObject({ kind: 'conflict' })
})

test('an object that was deleted and made again is another version, whatever its generation', async () => {
  const { at, ref } = fresh('Deployment')
  const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref)
  const { version } = await adapter.observe()
  standIn.add(at, 3)
  expect((await adapter.observe()).version).not.toBe(version)
})

test('a write that was answered while the read after it was not is unknown', async () => {
  const { ref } = fresh('Deployment')
  const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref)
  const { lock } = await adapter.observe()
  standIn.faults.push({ on: 'read', effect: false, answer: 'reset' })
  const outcome = await adapter.apply(lock, {
    replicas: 4,
    control: 'replicas' as const,
    final: false,
    dispatchId: 'd',
    fencingToken: 1,
  })
  expect(outcome).toMatchObject({ kind: 'unknown' })
  expect(await adapter.observe()).toMatchObject({ desiredReplicas: 4 })
})

test('a connection says as whom it is known, or what is wrong, without repeating its token', async () => {
  expect(await kubernetes.check({ kubeconfig: kubeconfigFor(standIn.url) })).toContain(
    'system:serviceaccount',
  )
  await expect(kubernetes.check({ kubeconfig: kubeconfigFor(standIn.url, 'a-wrong-token') })).rejects.toThrow(
    /^(?!.*a-wrong-token).*credentials/,
  )
  await expect(kubernetes.check({ kubeconfig: kubeconfigFor(nowhere) })).rejects.toMatchObject({
    code: 'unavailable',
  })
})

test('what is no number of replicas is refused in words, at the rehearsal already', async () => {
  const { ref } = fresh('Deployment')
  const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref)
  const { lock } = await adapter.observe()
  const stop = { replicas: 0, control: 'run', final: false, dispatchId: 'd', fencingToken: 1 } as const
  const refused = { kind: 'refused', message: expect.stringContaining('is set by replicas') }
  expect(await adapter.dryRun(lock, stop)).toMatchObject(refused)
  expect(await adapter.apply(lock, stop)).toMatchObject(refused)
  expect((await adapter.observe()).lock).toBe(lock)
})

test('a cluster that answers each request slowly is given up as soon as the whole look takes too long', async () => {
  const { ref } = fresh('Deployment')
  const slow = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref, 800)
  standIn.delayMs = () => 250
  try {
    // Each answer comes within 800 ms, and all three that a look needs do not within half as much again.
    await expect(slow.observe()).rejects.toThrow(/Deployment.*not all of it was answered within 1200 ms/)
  } finally {
    standIn.delayMs = () => 0
  }
})

test('a page that is too large is not read, in words that name the bound', async () => {
  const { ref } = fresh('Deployment')
  const path = 'autoscaling/v2/namespaces/models/horizontalpodautoscalers/large'
  standIn.put(path, {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    metadata: { name: 'large', namespace: 'models', annotations: { large: 'x'.repeat(7 * 1024 * 1024) } },
  })
  try {
    const adapter = await kubernetes.open({ kubeconfig: kubeconfigFor(standIn.url) }, ref)
    await expect(adapter.observe()).rejects.toThrow(/Deployment.*larger than 6291456 bytes/)
  } finally {
    standIn.change(path, { metadata: { annotations: { large: null } } })
  }
})
