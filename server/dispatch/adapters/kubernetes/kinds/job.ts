import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind, type Effect, type Write } from '../kind.ts'
import { at, countAt, isTrue, type KubeObject } from '../object.ts'
import { patchRules, statusCount } from './scales.ts'

const resource = { group: 'batch', versions: ['v1'], plural: 'jobs' } as const

/** Says by which decision a job was ended for good. */
export const cancelled = 'infrasage.dev/cancelled'

const isOver = (object: KubeObject): boolean => isTrue(object, 'Complete') || isTrue(object, 'Failed')
const isSuspended = (object: KubeObject): boolean => at(object, ['spec', 'suspend']) === true

const desired = (object: KubeObject): number =>
  isOver(object) || isSuspended(object) || object.metadata.annotations[cancelled] !== undefined ? 0 : 1

/** It runs with its first ready pod, which clusters before 1.24 do not count; it stands still when none is left, nor on its way out. */
function effect(object: KubeObject): Effect {
  const active = statusCount(object, 'active')
  const runs =
    desired(object) === 1
      ? (countAt(object, ['status', 'ready']) ?? active)
      : active + statusCount(object, 'terminating')
  return { ready: runs > 0 ? 1 : 0, awaits: null }
}

/**
 * Whether a Job runs: `spec.suspend`. It ends for good by a deadline that is over, not by deletion: the Job stays to be read, with
 * its end in its status, and nobody can take it up again. Ready: whether it has a ready pod; after a suspension that they are gone.
 */
export const job = defineKind(kubernetesRefs.Job, {
  kind: 'Job',
  resource,
  rules: patchRules(resource),
  bind: () => ({
    field: ['spec', 'suspend'],
    desired,
    effect,
    write: (object, { replicas, final, dispatchId }) => {
      const refuse = refusal(object, replicas)
      if (refuse !== null) return { refuse }
      if (!final) return { patch: { spec: { suspend: replicas === 0 } } }
      return {
        patch: { annotations: { [cancelled]: dispatchId }, spec: { activeDeadlineSeconds: 1 } },
      } satisfies Write
    },
    claims: queued,
    phase: (object) => (isOver(object) ? 'over' : ''),
    raw: (object) => ({ over: isOver(object), suspended: isSuspended(object) }),
  }),
  discover: (object) => {
    const { name, namespace } = object.metadata
    return namespace === undefined || isOver(object) ? [] : [{ kind: 'Job', namespace, name }]
  },
})

function refusal(object: KubeObject, replicas: number): string | null {
  if (replicas !== 0 && replicas !== 1) return `A Job runs (1) or does not (0); ${replicas} is neither.`
  if (isOver(object))
    return 'This Job is over; a Job that has ended cannot be suspended, resumed or cancelled.'
  if (replicas === 1 && object.metadata.annotations[cancelled] !== undefined)
    return 'This Job was cancelled for good and is not taken up again.'
  return null
}

/** Kueue suspends and admits the Jobs of its queues by the same field. */
function queued({ metadata: { labels } }: KubeObject): Claim[] {
  const queue = labels['kueue.x-k8s.io/queue-name']
  if (queue === undefined) return []
  return [
    {
      manager: { role: 'owner', name: 'Kueue', note: `by the queue ${queue}` },
      advice: `Kueue suspends and admits this Job by spec.suspend. Map the quota of the ClusterQueue behind "${queue}" instead.`,
      handOverTo: null,
    },
  ]
}
