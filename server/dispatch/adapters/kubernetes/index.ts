import type { V1Deployment, V1Scale, V1StatefulSet } from '@kubernetes/client-node'
import { UnavailableError } from '../../../kernel/errors.ts'
import { unitOf } from '../../../plan/contract.ts'
import {
  type ApplyOutcome,
  type KubernetesRef,
  kubernetesConfig,
  kubernetesRef,
  nobodyElses,
  type Observation,
  type SetPoint,
  type TargetAdapter,
} from '../../contract.ts'

import { defineAdapter } from '../definition.ts'
import { describe, type Failure, failureOfNetwork, failureOfStatus, observeError } from '../failure.ts'
import { type KubernetesClient, kubernetesClient, messageOf, retryAfterOf, statusOf } from './client.ts'

const fieldManager = 'infrasage'

type Workload = V1Deployment | V1StatefulSet
type ReplaceScale = { name: string; namespace: string; body: V1Scale; dryRun?: string; fieldManager: string }

/** The two calls that a scalable kind needs; the third kind is another line here. */
function callsOf(client: KubernetesClient, kind: KubernetesRef['kind']) {
  const { apps } = client
  const calls: Record<
    KubernetesRef['kind'],
    {
      read(at: { name: string; namespace: string }): Promise<Workload>
      replaceScale(request: ReplaceScale): Promise<V1Scale>
    }
  > = {
    Deployment: {
      read: (at) => apps.readNamespacedDeployment(at),
      replaceScale: (request) => apps.replaceNamespacedDeploymentScale(request),
    },
    StatefulSet: {
      read: (at) => apps.readNamespacedStatefulSet(at),
      replaceScale: (request) => apps.replaceNamespacedStatefulSetScale(request),
    },
  }
  return calls[kind]
}

/**
 * `version` is uid and generation: the API server raises the generation with every change of the spec and with
 * nothing else, so a status update voids no approval, and a deleted and recreated object is another one.
 * `lock` is the resourceVersion, which every write moves.
 */
function observationOf({ metadata, spec, status }: Workload): Observation {
  const { uid, generation, resourceVersion } = metadata ?? {}
  if (!uid || generation === undefined || !resourceVersion) {
    throw new UnavailableError('The API server answered without uid, generation or resourceVersion.')
  }
  const desiredReplicas = spec?.replicas ?? 1
  const readyReplicas = status?.readyReplicas ?? 0
  return {
    desiredReplicas,
    readyReplicas,
    version: `${uid}:${generation}`,
    lock: resourceVersion,
    ownership: nobodyElses,
    raw: {
      uid,
      generation,
      resourceVersion,
      replicas: desiredReplicas,
      readyReplicas,
      observedGeneration: status?.observedGeneration ?? null,
    },
  }
}

function labelOf({ namespace, kind, name }: KubernetesRef): string {
  return `${namespace}/${kind}/${name}`
}

function failureOf(error: unknown): Failure {
  const status = statusOf(error)
  return status === null
    ? failureOfNetwork(error)
    : failureOfStatus(status, messageOf(error), retryAfterOf(error))
}

function kubernetesTarget(client: KubernetesClient, ref: KubernetesRef): TargetAdapter {
  const { namespace, name } = ref
  const calls = callsOf(client, ref.kind)

  const replaceScale = (lock: string, { replicas }: SetPoint, dryRun: boolean): Promise<V1Scale> =>
    calls.replaceScale({
      name,
      namespace,
      fieldManager,
      ...(dryRun ? { dryRun: 'All' } : {}),
      body: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name, namespace, resourceVersion: lock },
        spec: { replicas },
      },
    })

  const observe = async (): Promise<Observation> => {
    let workload: Workload
    try {
      workload = await calls.read({ name, namespace })
    } catch (error) {
      throw observeError(statusOf(error), labelOf(ref), messageOf(error), retryAfterOf(error))
    }
    return observationOf(workload)
  }

  return {
    kind: 'kubernetes',
    controls: ['replicas'],
    observe,
    dryRun: async (lock, setPoint) => {
      const cannot = unwritable(ref, setPoint)
      if (cannot) return cannot
      try {
        const scale = await replaceScale(lock, setPoint, true)
        return echoed(scale, setPoint) ?? { kind: 'accepted', raw: rawScale(scale) }
      } catch (error) {
        return failureOf(error)
      }
    },
    apply: async (lock, setPoint): Promise<ApplyOutcome> => {
      const cannot = unwritable(ref, setPoint)
      if (cannot) return cannot
      let scale: V1Scale
      try {
        scale = await replaceScale(lock, setPoint, false)
      } catch (error) {
        return failureOf(error)
      }
      const odd = echoed(scale, setPoint)
      if (odd !== null) return odd
      try {
        return { kind: 'applied', observation: await observe(), raw: rawScale(scale) }
      } catch (error) {
        const message = `The write was answered, the read after it was not: ${describe(error)}`
        return { kind: 'unknown', message, raw: rawScale(scale) }
      }
    },
  }
}

/** The scale subresource holds replicas and nothing else. */
function unwritable(ref: KubernetesRef, { control }: SetPoint): Failure | null {
  if (control === 'replicas') return null
  const message =
    `${labelOf(ref)} is scaled by replicas; its ${unitOf[control]} cannot be set through this connection. ` +
    'Give the pool the control "replicas", or put what it stands for behind another target.'
  return { kind: 'refused', message, raw: { control } }
}

/** A yes repeats the set-point; null if it does. An admission webhook may have put another number in its place. */
function echoed(scale: V1Scale, { replicas }: SetPoint): Failure | null {
  const said = scale.spec?.replicas ?? 0
  if (scale.kind === 'Scale' && said === replicas) return null
  const message = `The API server agreed to ${said} replicas where ${replicas} were asked for`
  return { kind: 'unknown', message, raw: rawScale(scale) }
}

function rawScale({ metadata, spec }: V1Scale): Record<string, unknown> {
  return { resourceVersion: metadata?.resourceVersion ?? null, replicas: spec?.replicas ?? 0 }
}

/** Deployments and StatefulSets through their `scale` subresource, with the vendor's own client. */
export const kubernetes = defineAdapter({
  kind: 'kubernetes',
  config: kubernetesConfig,
  ref: kubernetesRef,
  check: async ({ kubeconfig }, requestTimeoutMs) => {
    const client = await kubernetesClient(kubeconfig, requestTimeoutMs)
    try {
      return `${await client.whoAmI()} at ${client.server}`
    } catch (error) {
      throw observeError(statusOf(error), client.server, messageOf(error))
    }
  },
  open: async ({ kubeconfig }, ref, requestTimeoutMs) =>
    kubernetesTarget(await kubernetesClient(kubeconfig, requestTimeoutMs), ref),
  label: labelOf,
})
