import { at } from '../adapters/kubernetes/object.ts'
import type { KubernetesKind, KubernetesRef } from '../contract.ts'
import type { Levels } from './adapter-contract.ts'
import type { Cluster } from './cluster.ts'

type Json = Record<string, unknown>

/** One fresh object of a kind, as its vendor documents it, and what its controller would do to it. */
export type Sample = {
  levels: Levels
  ref(name: string): KubernetesRef
  path(name: string): string
  /** Makes the object, and what it needs beside it, at its first level. */
  create(cluster: Cluster, name: string): Promise<void>
  /** What somebody else patches to set it to a level. */
  spec(level: number): Json
  markReady(cluster: Cluster, name: string, level: number): Promise<void>
}

export const namespace = 'default'
const replicas: Levels = { control: 'replicas', from: 3, to: 7, other: 5, further: 4, least: 0, partly: 1 }

const template = (name: string): Json => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'model', image: 'registry.example/model:1' }] },
})
const inNamespace = (group: string, plural: string) => (name: string) =>
  `${group}/namespaces/${namespace}/${plural}/${name}`
const pathOf = {
  Deployment: inNamespace('apps/v1', 'deployments'),
  StatefulSet: inNamespace('apps/v1', 'statefulsets'),
}
const podStatus = (level: number): Json => ({
  replicas: Math.max(level, 3),
  readyReplicas: level,
  availableReplicas: level,
})

async function createPods(
  cluster: Cluster,
  kind: 'Deployment' | 'StatefulSet',
  name: string,
  labels: Json = {},
) {
  const spec = { replicas: 3, selector: { matchLabels: { app: name } }, template: template(name) }
  await cluster.create(pathOf[kind](name), {
    ...{ apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels } },
    spec: kind === 'Deployment' ? spec : { ...spec, serviceName: name },
    status: { ...podStatus(3), observedGeneration: 1 },
  })
}

/** A status as its controller leaves it that has seen the spec as it stands. */
async function settle(cluster: Cluster, path: string, status: Json): Promise<void> {
  const observedGeneration = at(await cluster.read(path), ['metadata', 'generation'])
  await cluster.setStatus(path, {
    ...status,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  })
}

/** A kind whose own status counts what is ready. */
function counting(
  kind: KubernetesKind,
  path: (name: string) => string,
  parts: {
    apiVersion: string
    is: string
    spec(level: number): Json
    status(level: number): Json
    ref?: Json
    levels?: Levels
  },
): Sample {
  const { apiVersion, is, spec, status, ref = { namespace }, levels = replicas } = parts
  const clusterWide = !path('x').includes('/namespaces/')
  return {
    levels,
    path,
    ref: (name) => ({ kind, name, ...ref }) as KubernetesRef,
    create: (cluster, name) =>
      cluster.create(path(name), {
        ...{ apiVersion, kind: is, metadata: clusterWide ? { name } : { name, namespace } },
        ...{ spec: spec(levels.from), status: status(levels.from) },
      }),
    spec,
    markReady: (cluster, name, level) => settle(cluster, path(name), status(level)),
  }
}

/** A kind whose pods are counted at a Deployment or StatefulSet. */
function atPods(
  sample: Sample,
  kind: 'Deployment' | 'StatefulSet',
  labels: (name: string) => Json = () => ({}),
): Sample {
  return {
    ...sample,
    create: async (cluster, name) => {
      await createPods(cluster, kind, name, labels(name))
      await sample.create(cluster, name)
    },
    markReady: async (cluster, name, level) => {
      await sample.markReady(cluster, name, level)
      await settle(cluster, pathOf[kind](name), podStatus(level))
    },
  }
}

function pods(kind: 'Deployment' | 'StatefulSet'): Sample {
  return {
    levels: replicas,
    path: pathOf[kind],
    ref: (name) => ({ kind, namespace, name }),
    create: (cluster, name) => createPods(cluster, kind, name),
    spec: (level) => ({ replicas: level }),
    markReady: (cluster, name, level) => settle(cluster, pathOf[kind](name), podStatus(level)),
  }
}

const none = () => ({})
const warm: Levels = { ...replicas, control: 'warm' }
const run: Levels = { control: 'run', from: 1, to: 0, other: 0, further: 1, least: 0, partly: 0 }
const scaleTarget = { apiVersion: 'apps/v1', kind: 'Deployment' }
const condition = (type: string, holds: boolean): Json => ({
  ...{ type, status: holds ? 'True' : 'False', reason: 'Test', message: '' },
  lastTransitionTime: '2026-01-01T00:00:00Z',
})
const jobTemplate = {
  ...template('job'),
  spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'x' }] },
}

/** An autoscaler of the Deployment of its own name. */
const scaling = (sample: Sample): Sample => ({
  ...atPods(sample, 'Deployment'),
  create: async (cluster, name) => {
    await createPods(cluster, 'Deployment', name)
    await sample.create(cluster, name)
    await cluster.change(sample.path(name), { spec: { scaleTargetRef: { ...scaleTarget, name } } }, 'admin')
  },
})

export const samples: Record<KubernetesKind, Sample> = {
  ClusterQueue: counting('ClusterQueue', (name) => `kueue.x-k8s.io/v1beta1/clusterqueues/${name}`, {
    ...{ apiVersion: 'kueue.x-k8s.io/v1beta1', is: 'ClusterQueue' },
    ref: { flavor: 'h100', resource: 'nvidia.com/gpu', perReplica: '2' },
    levels: { ...replicas, partly: null },
    spec: (level) => ({
      resourceGroups: [
        {
          coveredResources: ['cpu', 'nvidia.com/gpu'],
          flavors: [
            { name: 'l4', resources: [{ name: 'nvidia.com/gpu', nominalQuota: '16' }] },
            {
              name: 'h100',
              resources: [
                { name: 'cpu', nominalQuota: '64' },
                { name: 'nvidia.com/gpu', nominalQuota: String(level * 2), borrowingLimit: '4' },
              ],
            },
          ],
        },
      ],
    }),
    status: (level) => ({ conditions: [condition('Active', level > 0)] }),
  }),
  CronJob: counting('CronJob', inNamespace('batch/v1', 'cronjobs'), {
    ...{ apiVersion: 'batch/v1', is: 'CronJob' },
    levels: { ...run, partly: null },
    spec: (level) => ({
      suspend: level === 0,
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: jobTemplate } },
    }),
    status: none,
  }),
  Deployment: pods('Deployment'),
  HorizontalPodAutoscaler: scaling(
    counting('HorizontalPodAutoscaler', inNamespace('autoscaling/v2', 'horizontalpodautoscalers'), {
      ...{ apiVersion: 'autoscaling/v2', is: 'HorizontalPodAutoscaler', levels: { ...replicas, least: 1 } },
      spec: (level) => ({
        minReplicas: level,
        maxReplicas: 12,
        scaleTargetRef: { ...scaleTarget, name: 'set-after' },
      }),
      status: none,
    }),
  ),
  InferenceService: atPods(
    counting('InferenceService', inNamespace('serving.kserve.io/v1beta1', 'inferenceservices'), {
      ...{ apiVersion: 'serving.kserve.io/v1beta1', is: 'InferenceService', levels: warm },
      spec: (level) => ({ predictor: { minReplicas: level, maxReplicas: 12 } }),
      status: none,
    }),
    'Deployment',
    (name) => ({ 'serving.kserve.io/inferenceservice': name, component: 'predictor' }),
  ),
  Job: counting('Job', inNamespace('batch/v1', 'jobs'), {
    ...{ apiVersion: 'batch/v1', is: 'Job', levels: run },
    spec: (level) => ({ suspend: level === 0, template: jobTemplate }),
    status: (level) => ({ active: level, startTime: '2026-01-01T00:00:00Z' }),
  }),
  KnativeService: atPods(
    counting('KnativeService', inNamespace('serving.knative.dev/v1', 'services'), {
      ...{ apiVersion: 'serving.knative.dev/v1', is: 'Service', levels: warm },
      spec: (level) => ({
        template: { metadata: { annotations: { 'autoscaling.knative.dev/min-scale': String(level) } } },
      }),
      status: () => ({
        latestReadyRevisionName: 'one',
        latestCreatedRevisionName: 'one',
      }),
    }),
    'Deployment',
    (name) => ({ 'serving.knative.dev/service': name, 'serving.knative.dev/revision': 'one' }),
  ),
  MachineDeployment: counting(
    'MachineDeployment',
    inNamespace('cluster.x-k8s.io/v1beta1', 'machinedeployments'),
    {
      ...{
        apiVersion: 'cluster.x-k8s.io/v1beta1',
        is: 'MachineDeployment',
        levels: { ...replicas, control: 'nodes' },
      },
      spec: (level) => ({ replicas: level, clusterName: 'c' }),
      status: (level) => ({ readyReplicas: level }),
    },
  ),
  NodePool: counting('NodePool', (name) => `karpenter.sh/v1/nodepools/${name}`, {
    ...{ apiVersion: 'karpenter.sh/v1', is: 'NodePool', ref: { resource: 'nvidia.com/gpu', perNode: '8' } },
    levels: { ...replicas, control: 'nodes', partly: null },
    spec: (level) => ({ limits: { 'nvidia.com/gpu': String(level * 8), cpu: '1000' } }),
    status: (level) => ({
      conditions: [condition('Ready', level > 0)],
      resources: { 'nvidia.com/gpu': '16', nodes: '2' },
    }),
  }),
  Scale: counting('Scale', inNamespace('leaderworkerset.x-k8s.io/v1', 'leaderworkersets'), {
    ...{ apiVersion: 'leaderworkerset.x-k8s.io/v1', is: 'LeaderWorkerSet' },
    ref: {
      namespace,
      group: 'leaderworkerset.x-k8s.io',
      version: 'v1',
      plural: 'leaderworkersets',
      ready: 'readyReplicas',
    },
    spec: (level) => ({ replicas: level }),
    status: (level) => ({ readyReplicas: level }),
  }),
  ScaledObject: scaling(
    counting('ScaledObject', inNamespace('keda.sh/v1alpha1', 'scaledobjects'), {
      ...{ apiVersion: 'keda.sh/v1alpha1', is: 'ScaledObject' },
      spec: (level) => ({ minReplicaCount: level, maxReplicaCount: 12 }),
      status: none,
    }),
  ),
  SeldonDeployment: counting(
    'SeldonDeployment',
    inNamespace('machinelearning.seldon.io/v1', 'seldondeployments'),
    {
      ...{ apiVersion: 'machinelearning.seldon.io/v1', is: 'SeldonDeployment' },
      spec: (level) => ({ replicas: level, predictors: [{ name: 'default' }] }),
      status: (level) => ({
        deploymentStatus: { one: { availableReplicas: 9 }, two: { availableReplicas: level } },
      }),
    },
  ),
  SeldonModel: counting('SeldonModel', inNamespace('mlops.seldon.io/v1alpha1', 'models'), {
    ...{ apiVersion: 'mlops.seldon.io/v1alpha1', is: 'Model' },
    spec: (level) => ({ replicas: level, storageUri: 'gs://models/one' }),
    status: (level) => ({ replicas: 3, availableReplicas: level }),
  }),
  SeldonServer: atPods(
    counting('SeldonServer', inNamespace('mlops.seldon.io/v1alpha1', 'servers'), {
      ...{ apiVersion: 'mlops.seldon.io/v1alpha1', is: 'Server' },
      spec: (level) => ({ replicas: level, serverConfig: 'mlserver' }),
      status: none,
    }),
    'StatefulSet',
  ),
  StatefulSet: pods('StatefulSet'),
}
