import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { at, type KubeObject, listAt } from '../object.ts'
import { cancelled } from './job.ts'
import { patchRules } from './scales.ts'

const resource = { group: 'batch', versions: ['v1'], plural: 'cronjobs' } as const

const desired = (object: KubeObject): number => (at(object, ['spec', 'suspend']) === true ? 0 : 1)

/**
 * Whether a CronJob starts Jobs: `spec.suspend`. Ready as soon as it stands: Kubernetes lets Jobs that already run go on, and
 * they are targets of their own. It ends for good by a suspension that we do not lift again.
 */
export const cronJob = defineKind(kubernetesRefs.CronJob, {
  kind: 'CronJob',
  resource,
  rules: patchRules(resource),
  bind: () => ({
    field: ['spec', 'suspend'],
    desired,
    effect: (object) => ({ ready: desired(object), awaits: null }),
    write: (object, { replicas, final, dispatchId }) => {
      if (replicas !== 0 && replicas !== 1)
        return { refuse: `A CronJob runs (1) or does not (0); ${replicas} is neither.` }
      if (replicas === 1 && object.metadata.annotations[cancelled] !== undefined)
        return {
          refuse: `This CronJob was cancelled for good. Take the annotation ${cancelled} off to let it run again.`,
        }
      const spec = { suspend: replicas === 0 }
      return { patch: final ? { annotations: { [cancelled]: dispatchId }, spec } : { spec } }
    },
    raw: (object) => ({ activeJobs: listAt(object, ['status', 'active']).length }),
  }),
})
