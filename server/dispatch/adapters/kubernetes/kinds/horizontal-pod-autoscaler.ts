import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { at, countAt, textAt } from '../object.ts'
import { aboveCeiling, readyAtScaleTarget, upTo } from './floors.ts'
import { patchRules } from './scales.ts'

const resource = { group: 'autoscaling', versions: ['v2'], plural: 'horizontalpodautoscalers' } as const

/**
 * The floor of an autoscaler: `minReplicas` is raised ahead of a surge, and the autoscaler goes on above it. Never above
 * `maxReplicas`. Ready: ready pods of what it scales, up to the floor. The API server keeps no generation of this kind.
 */
export const horizontalPodAutoscaler = defineKind(kubernetesRefs.HorizontalPodAutoscaler, {
  kind: 'HorizontalPodAutoscaler',
  resource,
  rules: [
    ...patchRules(resource),
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['get'] },
  ],
  bind: ({ namespace }) => {
    const desired = (object: unknown) => countAt(object, ['spec', 'minReplicas']) ?? 1
    return {
      controls: ['replicas', 'warm'],
      field: ['spec', 'minReplicas'],
      desired,
      ready: async (object, objects) =>
        upTo(
          desired(object),
          await readyAtScaleTarget(objects, namespace, at(object, ['spec', 'scaleTargetRef'])),
        ),
      write: (object, { replicas }) =>
        aboveCeiling(replicas, countAt(object, ['spec', 'maxReplicas']), 'maxReplicas') ?? {
          patch: { spec: { minReplicas: replicas } },
        },
      raw: (object) => ({
        maxReplicas: countAt(object, ['spec', 'maxReplicas']),
        currentReplicas: countAt(object, ['status', 'currentReplicas']),
        scales: textAt(object, ['spec', 'scaleTargetRef', 'name']),
      }),
    }
  },
})
