import type { CoreV1Api } from '@kubernetes/client-node'
import { at } from '../adapters/kubernetes/object.ts'
import type { Cluster } from './cluster.ts'
import { namespace } from './kind-samples.ts'
import { everyTick, type Ticking } from './ticking.ts'

const path = (name: string) => `metrics.k8s.io/v1beta1/namespaces/${namespace}/pods/${name}`

/** What a metrics server would serve, as objects: an autoscaler lists them like any other. */
export const podMetricsDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'pods.metrics.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests alone' },
  },
  spec: {
    ...{ group: 'metrics.k8s.io', scope: 'Namespaced' },
    names: { kind: 'PodMetrics', plural: 'pods', singular: 'podmetrics', listKind: 'PodMetricsList' },
    versions: [
      {
        ...{ name: 'v1beta1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}

/** Says every two seconds how busy the pods of an app are: the load of all of them together, in cores, shared out evenly. */
export function shareLoad(cluster: Cluster, core: CoreV1Api, app: string, cores: () => number): Ticking {
  return everyTick(2_000, async () => {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })
    const running = items.filter(({ status }) => status?.phase === 'Running')
    const cpu = `${Math.round((cores() * 1_000) / Math.max(1, running.length))}m`
    const said = { timestamp: new Date().toISOString(), window: '1s' }
    for (const { metadata } of running) {
      const name = metadata?.name ?? ''
      const body = { ...said, containers: [{ name: 'model', usage: { cpu, memory: '1Gi' } }] }
      const known = await cluster.read(path(name)).catch(() => null)
      if (at(known, ['metadata', 'name']) === name) await cluster.change(path(name), body)
      else {
        const kind = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics' }
        await cluster.create(path(name), { ...kind, metadata: { name, namespace, labels: { app } }, ...body })
      }
    }
  })
}
