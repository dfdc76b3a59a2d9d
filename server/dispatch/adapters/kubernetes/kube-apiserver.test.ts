import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, realCluster } from '../../testing/cluster.ts'
import { freeUrl } from '../../testing/free-url.ts'
import { kindContract } from '../../testing/kind-contract.ts'
import { namespace, samples } from '../../testing/kind-samples.ts'
import { type KubeApiServer, kubeAssets, startKubeApiServer } from '../../testing/kube-apiserver.ts'
import { kubeconfigFor } from '../../testing/kubernetes-stand-in.ts'
import { readinessContract } from '../../testing/readiness-contract.ts'
import { rightsContract } from '../../testing/rights-contract.ts'
import { kubernetes } from './index.ts'

const assets = kubeAssets()

if (assets === null) {
  test.skip('the real API server: skipped, because KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd', () =>
    undefined)
} else {
  describe('against the real API server', () => againstTheRealOne(assets))
}

function againstTheRealOne(folder: string): void {
  let server: KubeApiServer
  let cluster: Cluster
  let nowhere: string

  beforeAll(async () => {
    server = await startKubeApiServer(folder)
    cluster = await realCluster(server)
    nowhere = await freeUrl()
  }, 120_000)
  afterAll(() => server?.close())

  kindContract('kubernetes', async () => ({
    cluster,
    kubeconfig: server.adminKubeconfig,
    stranger: server.strangerKubeconfig,
    nowhere: kubeconfigFor(nowhere),
  }))

  readinessContract('kubernetes', () => ({ cluster, kubeconfig: server.adminKubeconfig }))

  rightsContract(() => ({ cluster, newcomer: server.newcomerKubeconfig }))

  test('it knows us by name, and says what the stranger may not do', async () => {
    expect(await kubernetes.check({ kubeconfig: server.adminKubeconfig })).toMatch(/^admin at 127/)
    expect(await kubernetes.check({ kubeconfig: server.strangerKubeconfig })).toMatch(/^stranger/)
    const ref = { namespace, kind: 'Deployment', name: 'chat' }
    const stranger = await kubernetes.open({ kubeconfig: server.strangerKubeconfig }, ref)
    await expect(stranger.observe()).rejects.toThrow(/"stranger" cannot get resource "deployments"/)
  })

  test('what it has is found by its API, kind by kind, and what may not be listed is named', async () => {
    for (const [kind, { create }] of Object.entries(samples))
      await create(cluster, `found-${kind.toLowerCase()}`)
    const { found, unreadable, cut } = await kubernetes.discover({ kubeconfig: server.adminKubeconfig }, null)
    expect({ unreadable, cut }).toEqual({ unreadable: [], cut: [] })
    const kinds = new Set(found.map(({ ref }) => ref.kind))
    expect([...kinds].toSorted()).toEqual(Object.keys(samples).toSorted())
    const scaled = found.find(({ label }) => label === `${namespace}/Deployment/found-scaledobject`)
    expect(scaled?.ownership.handOverTo).toMatchObject({ kind: 'ScaledObject', name: 'found-scaledobject' })
    const here = await kubernetes.discover({ kubeconfig: server.adminKubeconfig }, namespace)
    expect(here.found.some(({ namespace: of }) => of === null)).toBe(false)
    const stranger = await kubernetes.discover({ kubeconfig: server.strangerKubeconfig }, null)
    expect(stranger.found).toEqual([])
    expect(stranger.unreadable.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['Deployment', 'NodePool']),
    )
  })

  test('a set-point that it calls invalid is refused in its words, and nothing changes', async () => {
    const name = 'chat-invalid'
    await samples.Deployment.create(cluster, name)
    const adapter = await kubernetes.open(
      { kubeconfig: server.adminKubeconfig },
      { namespace, kind: 'Deployment', name },
    )
    const { lock } = await adapter.observe()
    const outcome = await adapter.dryRun(lock, {
      replicas: -1,
      control: 'replicas' as const,
      final: false,
      dispatchId: 'd',
      fencingToken: 1,
    })
    expect(outcome).toMatchObject({ kind: 'refused' })
    expect(await adapter.observe()).toMatchObject({ desiredReplicas: 3 })
  })
}
