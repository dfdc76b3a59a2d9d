import type { KubernetesKind, KubernetesRef } from '../../../contract.ts'
import type { BoundKind, Rule, TargetKind } from '../kind.ts'
import { clusterQueue } from './cluster-queue.ts'
import { cronJob } from './cron-job.ts'
import { deployment } from './deployment.ts'
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts'
import { inferenceService } from './inference-service.ts'
import { job } from './job.ts'
import { knativeService } from './knative-service.ts'
import { machineDeployment } from './machine-deployment.ts'
import { nodePool } from './node-pool.ts'
import { scale } from './scale.ts'
import { scaledObject } from './scaled-object.ts'
import { seldonDeployment } from './seldon-deployment.ts'
import { seldonModel } from './seldon-model.ts'
import { seldonServer } from './seldon-server.ts'
import { statefulSet } from './stateful-set.ts'

/** Every kind of target, in alphabetical order. */
export const kinds: Record<KubernetesKind, TargetKind> = {
  ClusterQueue: clusterQueue,
  CronJob: cronJob,
  Deployment: deployment,
  HorizontalPodAutoscaler: horizontalPodAutoscaler,
  InferenceService: inferenceService,
  Job: job,
  KnativeService: knativeService,
  MachineDeployment: machineDeployment,
  NodePool: nodePool,
  Scale: scale,
  ScaledObject: scaledObject,
  SeldonDeployment: seldonDeployment,
  SeldonModel: seldonModel,
  SeldonServer: seldonServer,
  StatefulSet: statefulSet,
}

export const bindKind = (ref: KubernetesRef): BoundKind => kinds[ref.kind].bind(ref)

/** What the user of a connection must be allowed for a target, and nothing more. */
export const rulesFor = (ref: KubernetesRef): Rule[] => kinds[ref.kind].rules(ref)
