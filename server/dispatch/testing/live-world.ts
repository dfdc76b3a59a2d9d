import { setTimeout as delay } from 'node:timers/promises'
import type { CoreV1Api } from '@kubernetes/client-node'
import { approve, rollback } from '../../governance/index.ts'
import { createSagaScene, type Part } from '../../governance/testing/saga-scene.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import type { Db } from '../../kernel/db.ts'
import { at } from '../adapters/kubernetes/object.ts'
import { sealConfig } from '../connection-config.ts'
import type { DispatchView, KubernetesRef } from '../contract.ts'
import { getDispatch, observeTargets, runDispatch } from '../index.ts'
import { lookThrough } from '../open-target.ts'
import type { Cluster, RealCluster } from './cluster.ts'
import { namespace } from './kind-samples.ts'
import { nodeName } from './real-controllers.ts'

type Json = Record<string, unknown>
export const pathOf = {
  CronJob: (name: string) => `batch/v1/namespaces/${namespace}/cronjobs/${name}`,
  Deployment: (name: string) => `apps/v1/namespaces/${namespace}/deployments/${name}`,
  HorizontalPodAutoscaler: (name: string) =>
    `autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${name}`,
  Job: (name: string) => `batch/v1/namespaces/${namespace}/jobs/${name}`,
  StatefulSet: (name: string) => `apps/v1/namespaces/${namespace}/statefulsets/${name}`,
}
export type LiveKind = keyof typeof pathOf

/** A model server as any, which asks for a tenth of a core. */
const template = (app: string, restartPolicy?: string): Json => ({
  metadata: { labels: { app } },
  spec: {
    ...{ nodeName, terminationGracePeriodSeconds: 0, ...(restartPolicy ? { restartPolicy } : {}) },
    containers: [
      { name: 'model', image: 'registry.example/model:1', resources: { requests: { cpu: '100m' } } },
    ],
  },
})

/** Specs that the real controllers take. */
const specs: Record<Exclude<LiveKind, 'HorizontalPodAutoscaler'>, (app: string, level: number) => Json> = {
  CronJob: (app) => ({
    ...{ schedule: '* * * * *', suspend: false },
    jobTemplate: { spec: { template: template(app, 'Never') } },
  }),
  Deployment: (app, replicas) => ({
    ...{ replicas, selector: { matchLabels: { app } }, template: template(app) },
  }),
  Job: (app) => ({ template: template(app, 'Never') }),
  StatefulSet: (app, replicas) => ({
    ...{ replicas, serviceName: app, selector: { matchLabels: { app } }, template: template(app) },
  }),
}

const apiVersions = { CronJob: 'batch/v1', Deployment: 'apps/v1', Job: 'batch/v1', StatefulSet: 'apps/v1' }

export const create = (
  cluster: Cluster,
  kind: keyof typeof specs,
  name: string,
  level: number,
): Promise<void> =>
  cluster.create(pathOf[kind](name), {
    ...{ apiVersion: apiVersions[kind], kind, metadata: { name, namespace }, spec: specs[kind](name, level) },
  })

export const refOf = (kind: LiveKind, name: string): KubernetesRef => ({ kind, namespace, name })

/** Waits for what must become true, and says after how many seconds it did. */
export async function until(what: string, holds: () => Promise<boolean>, mostSeconds = 120): Promise<number> {
  const began = performance.now()
  for (;;) {
    if (await holds()) return Math.round((performance.now() - began) / 100) / 10
    if (performance.now() - began > mostSeconds * 1_000) throw new Error(`Not in ${mostSeconds} s: ${what}.`)
    await delay(250)
  }
}

/** One workload with three pools of real objects: decisions by the real verbs, delivered as a worker would, second by second. */
export async function createLiveScene(db: Db, cluster: RealCluster, core: CoreV1Api, kubeconfig: string) {
  const scene = await createSagaScene(db)
  const { system, clock, workloadId } = scene
  const operator = await scene.person('operator')
  const { connectionId } = scene.pools.cloud.target
  const encryptedConfig = sealConfig(connectionId, { kubeconfig })
  await db.connection.update({
    where: { id: connectionId },
    data: { adapter: 'kubernetes', encryptedConfig },
  })

  const pods = async (name: string): Promise<number> => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` })
    return items.filter(({ status }) =>
      status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True'),
    ).length
  }
  const generation = async (kind: LiveKind, name: string): Promise<number> =>
    Number(at(await cluster.read(pathOf[kind](name)), ['metadata', 'generation']))

  /** A second passes, for us and for the cluster. */
  const second = async (): Promise<void> => {
    await delay(1_000)
    clock.advance(1_000)
  }
  const fresh = () => db.forecast.update({ where: { id: scene.forecastId }, data: { origin: clock.now() } })
  const see = async (): Promise<void> => {
    await fresh()
    clock.advance(1_000)
    await observeTargets({ ctx: system })
  }
  const view = async (decisionId: string): Promise<DispatchView> => {
    const found = await getDispatch({ ctx: system, input: { decisionId } })
    if (found === null) throw new Error(`Decision ${decisionId} has no dispatch.`)
    return found
  }
  const over = new Set(['verified', 'failed', 'rolled_back'])

  return {
    ...scene,
    cluster,
    operator,
    pods,
    generation,
    second,
    see,
    view,
    map: async (pool: Part['pool'], ref: KubernetesRef): Promise<void> => {
      await db.target.update({ where: { id: scene.pools[pool].targetId }, data: { ref } })
      await see()
    },
    look: (pool: Part['pool']) => lookThrough(system, new Map(), scene.pools[pool].targetId),
    /** A decision past its hold. */
    approve: async (parts: Part[]): Promise<string> => {
      await see()
      const stop = parts.some(({ kind }) => kind === 'suspend')
      const purpose = stop ? 'stop-harm' : 'migrate'
      const proposal = await scene.proposeSaga(parts, { purpose, direction: stop ? 'stop' : 'move' })
      const { id } = await approve({ ctx: operator, input: seenOf(proposal) })
      scene.afterHold()
      return id
    },
    /** Takes a decision's plan back by another one. */
    rollBack: async (decisionId: string): Promise<string> => {
      await see()
      const { proposalId } = await db.decision.findUniqueOrThrow({ where: { id: decisionId } })
      const back = await rollback({ ctx: operator, input: { proposalId, reason: 'it is not needed' } })
      scene.afterHold()
      const [decision] = await scene.decisions(back.id)
      if (decision === undefined) throw new Error('The rollback has no decision.')
      return decision.id
    },
    /** Delivers a decision once a second until it is over; what its notes said on the way. */
    deliver: async (
      decisionId: string,
      mostSeconds = 120,
    ): Promise<{ seconds: number; view: DispatchView; notes: string[] }> => {
      const notes = new Set<string>()
      const began = performance.now()
      for (;;) {
        await runDispatch({ ctx: system, input: { decisionId } })
        const now = await view(decisionId)
        if (now.note !== null) notes.add(now.note)
        const seconds = Math.round((performance.now() - began) / 100) / 10
        if (over.has(now.state) || seconds > mostSeconds) return { seconds, view: now, notes: [...notes] }
        await second()
        // The pause until the next look is not waited for: the dispatch is delivered again at once.
        await db.dispatch.update({ where: { decisionId }, data: { leaseUntil: null } })
      }
    },
    workloadId,
  }
}

export type LiveScene = Awaited<ReturnType<typeof createLiveScene>>
