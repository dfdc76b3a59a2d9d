import { z } from 'zod'
import { type Control, unitOf } from '../../plan/contract.ts'

/** As Kubernetes names things; it is a part of a path, so that nothing else may be in it. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be a name as Kubernetes allows it')
const resource = z.string().regex(/^[A-Za-z0-9]([-\w./]*[A-Za-z0-9])?$/, 'must be a resource, such as cpu')
const inNamespace = <K extends string>(kind: K) =>
  z.strictObject({ namespace: name, kind: z.literal(kind), name })

/** A whole or decimal number with a unit of Kubernetes: `8`, `64Gi`, `1500m`. */
const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/, 'must be a quantity, such as 8 or 64Gi')
  .refine((each) => Number.parseFloat(each) > 0, 'must be more than zero')

/**
 * Where a target of each kind is in a cluster. *Scale*: any object with a scale subresource; `plural` is its resource, `ready` the
 * field of its status that counts what is ready, `namespace` is empty for what belongs to the whole cluster. *NodePool* and
 * *ClusterQueue* limit a resource: `perNode` and `perReplica` say how much of it one node or one replica takes.
 */
export const kubernetesRefs = {
  ClusterQueue: z.strictObject({
    kind: z.literal('ClusterQueue'),
    name,
    flavor: name,
    resource,
    perReplica: quantity,
  }),
  CronJob: inNamespace('CronJob'),
  Deployment: inNamespace('Deployment'),
  HorizontalPodAutoscaler: inNamespace('HorizontalPodAutoscaler'),
  InferenceService: inNamespace('InferenceService'),
  Job: inNamespace('Job'),
  KnativeService: inNamespace('KnativeService'),
  MachineDeployment: inNamespace('MachineDeployment'),
  NodePool: z.strictObject({ kind: z.literal('NodePool'), name, resource, perNode: quantity }),
  Scale: z.strictObject({
    kind: z.literal('Scale'),
    group: name,
    version: name,
    plural: name,
    namespace: name.or(z.literal('')),
    name,
    ready: z.enum(['readyReplicas', 'availableReplicas', 'replicas']),
  }),
  ScaledObject: inNamespace('ScaledObject'),
  SeldonDeployment: inNamespace('SeldonDeployment'),
  SeldonModel: inNamespace('SeldonModel'),
  SeldonServer: inNamespace('SeldonServer'),
  StatefulSet: inNamespace('StatefulSet'),
}
export type KubernetesKind = keyof typeof kubernetesRefs

/** What the number of each kind can stand for, the usual one first. */
export const kindControls: Record<KubernetesKind, readonly [Control, ...Control[]]> = {
  ClusterQueue: ['replicas', 'nodes'],
  CronJob: ['run'],
  Deployment: ['replicas'],
  HorizontalPodAutoscaler: ['replicas', 'warm'],
  InferenceService: ['warm', 'replicas'],
  Job: ['run'],
  KnativeService: ['warm', 'replicas'],
  MachineDeployment: ['nodes'],
  NodePool: ['nodes'],
  Scale: ['replicas', 'nodes', 'warm'],
  ScaledObject: ['replicas', 'warm'],
  SeldonDeployment: ['replicas'],
  SeldonModel: ['replicas'],
  SeldonServer: ['replicas'],
  StatefulSet: ['replicas'],
}

export const kubernetesRef = z.discriminatedUnion('kind', [
  kubernetesRefs.ClusterQueue,
  kubernetesRefs.CronJob,
  kubernetesRefs.Deployment,
  kubernetesRefs.HorizontalPodAutoscaler,
  kubernetesRefs.InferenceService,
  kubernetesRefs.Job,
  kubernetesRefs.KnativeService,
  kubernetesRefs.MachineDeployment,
  kubernetesRefs.NodePool,
  kubernetesRefs.Scale,
  kubernetesRefs.ScaledObject,
  kubernetesRefs.SeldonDeployment,
  kubernetesRefs.SeldonModel,
  kubernetesRefs.SeldonServer,
  kubernetesRefs.StatefulSet,
])
export type KubernetesRef = z.infer<typeof kubernetesRef>

/** What the number of an object is called where a person reads it. */
export function kubernetesUnit(ref: KubernetesRef, control: Control): string {
  switch (ref.kind) {
    case 'HorizontalPodAutoscaler':
    case 'InferenceService':
    case 'ScaledObject':
      return 'minimum replicas'
    case 'KnativeService':
      return 'minimum instances'
    case 'NodePool':
      return `nodes of its limit on ${ref.resource}`
    case 'ClusterQueue':
      return `${unitOf[control]} of its quota on ${ref.resource}`
    default:
      return unitOf[control]
  }
}
