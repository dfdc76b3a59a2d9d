import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppsV1Api, V1Deployment } from '@kubernetes/client-node'
import { approve } from '../../governance/index.ts'
import { createScene, seenOf } from '../../governance/testing/scene.ts'
import type { Db } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import { recordObservation } from '../../plan/index.ts'
import { sealConfig } from '../connection-config.ts'
import { lookThrough } from '../open-target.ts'

const namespace = 'default'

/** Deployments in a real cluster, in the hands of its admin; `run` stands in for the controllers that envtest has none of. */
export async function deploymentsOf(adminKubeconfig: string) {
  const k8s = await import('@kubernetes/client-node')
  const config = new k8s.KubeConfig()
  config.loadFromString(adminKubeconfig)
  const apps: AppsV1Api = config.makeApiClient(k8s.AppsV1Api)
  const read = (name: string) => apps.readNamespacedDeployment({ name, namespace })

  const markReady = async (name: string): Promise<void> => {
    const body = await read(name)
    const replicas = body.spec?.replicas ?? 1
    const observedGeneration = body.metadata?.generation ?? 1
    const counts = {
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      updatedReplicas: replicas,
    }
    await apps.replaceNamespacedDeploymentStatus({
      name,
      namespace,
      body: { ...body, status: { ...counts, observedGeneration } },
    })
  }

  return {
    namespace,
    read,
    markReady,
    /** What a Deployment is asked for, and how often its spec was changed since it was made. */
    asked: async (name: string) => {
      const { spec, metadata } = await read(name)
      return { replicas: spec?.replicas ?? 1, bumps: (metadata?.generation ?? 0) - 1 }
    },
    /** Every level that it is asked for from now on, in order, as a watch of the API server tells of them. */
    levels: async (name: string): Promise<{ seen: number[]; stop(): void }> => {
      const seen: number[] = []
      let { generation = 1, resourceVersion } = (await read(name)).metadata ?? {}
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments`
      const watching = await new k8s.Watch(config).watch(
        path,
        { fieldSelector: `metadata.name=${name}`, resourceVersion },
        (_phase, { metadata, spec }: V1Deployment) => {
          if ((metadata?.generation ?? 0) <= generation) return
          generation = metadata?.generation ?? 0
          seen.push(spec?.replicas ?? 1)
        },
        () => undefined,
      )
      return { seen, stop: () => watching.abort() }
    },
    create: async (name: string, replicas: number): Promise<void> => {
      const labels = { app: name }
      const containers = [{ name: 'model', image: 'registry.example/model:1' }]
      await apps.createNamespacedDeployment({
        namespace,
        body: {
          metadata: { name },
          spec: {
            replicas,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers } },
          },
        },
      })
      await markReady(name)
    },
    /** Marks as ready what is asked for, as the real controllers would, until it is stopped. */
    runController: (everyMs: number): (() => Promise<void>) => {
      let on = true
      const turn = async (): Promise<void> => {
        const { items } = await apps.listNamespacedDeployment({ namespace })
        for (const { metadata, spec, status } of items) {
          const behind = status?.readyReplicas !== spec?.replicas
          // A conflict is looked at again in the next turn.
          if (behind && metadata?.name) await markReady(metadata.name).catch(() => undefined)
        }
      }
      const loop = (async () => {
        while (on) {
          await turn().catch(() => undefined)
          await delay(everyMs)
        }
      })()
      return async () => {
        on = false
        await loop
      }
    },
  }
}

export type Deployments = Awaited<ReturnType<typeof deploymentsOf>>

/** One connection to a cluster, for all scenes of a test; as fast as it goes unless a rate is given. */
export async function connectCluster(
  db: Db,
  kubeconfig: string,
  requestsPerSecond = 1_000_000,
): Promise<string> {
  const id = randomUUID()
  const createdAt = new Date()
  const encryptedConfig = sealConfig(id, { kubeconfig })
  await db.connection.create({
    data: { id, name: `cluster-${id.slice(0, 8)}`, adapter: 'kubernetes', encryptedConfig, createdAt },
  })
  const burst = 1_000_000
  await db.connectionGate.create({
    data: { connectionId: id, requestsPerSecond, burst, tokens: burst, refilledAt: createdAt },
  })
  return id
}

/** A workload of its own whose one target is a Deployment at six replicas. `start`: when it is there. */
export async function createDeploymentScene(
  db: Db,
  deployments: Deployments,
  connectionId: string,
  start?: Date,
  queue?: Parameters<typeof createScene>[2],
) {
  const scene = await createScene(db, start, queue)
  const name = scene.name
  await deployments.create(name, 6)
  await db.target.update({
    where: { id: scene.targetId },
    data: { connectionId, ref: { namespace: deployments.namespace, kind: 'Deployment', name } },
  })
  const operator = await scene.person('operator')
  /** What the cluster says of the target, kept as the product keeps it. */
  const see = async (): Promise<void> => {
    scene.clock.advance(1_000)
    const look = await lookThrough(scene.system, new Map(), scene.targetId)
    if (look.kind === 'unseen') throw new Error(look.message)
    const { desiredReplicas, readyReplicas, version } = look.observation
    const seen = { targetId: scene.targetId, desiredReplicas, readyReplicas, version, at: scene.clock.now() }
    await transact(scene.system, (tx) => recordObservation(tx, seen))
  }
  return {
    ...scene,
    operator,
    see,
    /** Keeps telemetry fresh, without which nothing is scaled down. */
    freshForecast: async (): Promise<void> => {
      await db.forecast.update({ where: { id: scene.forecastId }, data: { origin: scene.clock.now() } })
    },
    /** A decision that approves a set-point, past its hold. */
    approve: async (toReplicas: number): Promise<string> => {
      const { id } = await approve({ ctx: operator, input: seenOf(await scene.propose(toReplicas)) })
      scene.afterHold()
      return id
    },
  }
}

export type DeploymentScene = Awaited<ReturnType<typeof createDeploymentScene>>
