import type { AppsV1Api } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adapterContract } from '../../testing/adapter-contract.ts'
import { freeUrl } from '../../testing/free-url.ts'
import { type KubeApiServer, kubeAssets, startKubeApiServer } from '../../testing/kube-apiserver.ts'
import { kubeconfigFor } from '../../testing/kubernetes-stand-in.ts'
import { kubernetesClient } from './client.ts'
import { kubernetes } from './index.ts'

const namespace = 'default'
const assets = kubeAssets()

if (assets === null) {
  test.skip('the real API server: skipped, because KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd', () =>
    undefined)
} else {
  describe('against the real API server', () => againstTheRealOne(assets))
}

function againstTheRealOne(folder: string): void {
  let server: KubeApiServer
  let apps: AppsV1Api
  let nowhere: string
  let made = 0

  beforeAll(async () => {
    server = await startKubeApiServer(folder)
    apps = (await kubernetesClient(server.adminKubeconfig, 10_000)).apps
    nowhere = await freeUrl()
  }, 120_000)
  afterAll(() => server?.close())

  const spec = (name: string) => ({
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'model', image: 'registry.example/model:1' }] },
    },
  })
  const status = (replicas: number) => ({
    status: { replicas: 3, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 },
  })

  const kinds = {
    Deployment: {
      create: (name: string) =>
        apps.createNamespacedDeployment({
          namespace,
          body: { metadata: { name }, spec: { replicas: 3, ...spec(name) } },
        }),
      read: (name: string) => apps.readNamespacedDeployment({ name, namespace }),
      scale: (name: string, replicas: number) =>
        apps.replaceNamespacedDeploymentScale({
          name,
          namespace,
          body: { metadata: { name, namespace }, spec: { replicas } },
        }),
      setStatus: async (name: string, ready: number) => {
        const body = await apps.readNamespacedDeployment({ name, namespace })
        return apps.replaceNamespacedDeploymentStatus({
          name,
          namespace,
          body: { ...body, ...status(ready) },
        })
      },
    },
    StatefulSet: {
      create: (name: string) =>
        apps.createNamespacedStatefulSet({
          namespace,
          body: { metadata: { name }, spec: { replicas: 3, serviceName: name, ...spec(name) } },
        }),
      read: (name: string) => apps.readNamespacedStatefulSet({ name, namespace }),
      scale: (name: string, replicas: number) =>
        apps.replaceNamespacedStatefulSetScale({
          name,
          namespace,
          body: { metadata: { name, namespace }, spec: { replicas } },
        }),
      setStatus: async (name: string, ready: number) => {
        const body = await apps.readNamespacedStatefulSet({ name, namespace })
        return apps.replaceNamespacedStatefulSetStatus({
          name,
          namespace,
          body: { ...body, ...status(ready) },
        })
      },
    },
  }

  for (const kind of ['Deployment', 'StatefulSet'] as const) {
    adapterContract(`kubernetes, ${kind}`, async () => {
      const name = `chat-${kind.toLowerCase()}-${++made}`
      const calls = kinds[kind]
      await calls.create(name)
      await calls.setStatus(name, 3)
      const ref = { namespace, kind, name }
      const { adminKubeconfig: kubeconfig, strangerKubeconfig } = server
      return {
        adapter: await kubernetes.open({ kubeconfig }, ref),
        scaleByOther: async (replicas) => {
          await calls.scale(name, replicas)
        },
        markReady: async (replicas) => {
          await calls.setStatus(name, replicas)
        },
        changes: async () => ((await calls.read(name)).metadata?.generation ?? 0) - 1,
        missing: await kubernetes.open({ kubeconfig }, { ...ref, name: 'nothing' }),
        unauthorised: await kubernetes.open({ kubeconfig: strangerKubeconfig }, ref),
        unreachable: await kubernetes.open({ kubeconfig: kubeconfigFor(nowhere) }, ref),
      }
    })
  }

  test('it knows us by name, and says what the stranger may not do', async () => {
    expect(await kubernetes.check({ kubeconfig: server.adminKubeconfig })).toMatch(/^admin at 127/)
    expect(await kubernetes.check({ kubeconfig: server.strangerKubeconfig })).toMatch(/^stranger/)
    const ref = { namespace, kind: 'Deployment', name: 'chat' }
    const stranger = await kubernetes.open({ kubeconfig: server.strangerKubeconfig }, ref)
    await expect(stranger.observe()).rejects.toThrow(/"stranger" cannot get resource "deployments"/)
  })

  test('a set-point that it calls invalid is refused in its words, and nothing changes', async () => {
    const name = `chat-invalid-${++made}`
    await kinds.Deployment.create(name)
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
