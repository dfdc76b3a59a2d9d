import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import { countAt, type KubeObject, listAt, textAt } from '../object.ts'
import { autoscalerFloor, floorRules } from './floors.ts'

const resource = { group: 'autoscaling', versions: ['v2'], plural: 'horizontalpodautoscalers' } as const

/**
 * The floor of an autoscaler: `minReplicas` is raised ahead of a surge, and the autoscaler goes on above it. Never above
 * `maxReplicas`. The API server keeps no generation of this kind.
 */
export const horizontalPodAutoscaler = defineKind(kubernetesRefs.HorizontalPodAutoscaler, {
  kind: 'HorizontalPodAutoscaler',
  resource,
  rules: floorRules(resource),
  bind: ({ namespace }) => {
    const floor = autoscalerFloor(namespace, {
      ...{ least: 'minReplicas', leastByDefault: 1, most: 'maxReplicas', mostByDefault: null },
    })
    return {
      ...floor,
      claims: switchedOff,
      raw: (object) => ({
        ...floor.raw(object),
        currentReplicas: countAt(object, ['status', 'currentReplicas']),
      }),
    }
  },
})

/** At no replicas an autoscaler does nothing, whatever its floor is. */
function switchedOff(object: KubeObject): Claim[] {
  const off = listAt(object, ['status', 'conditions']).some(
    (each) => textAt(each, ['type']) === 'ScalingActive' && textAt(each, ['reason']) === 'ScalingDisabled',
  )
  if (!off) return []
  return [
    {
      manager: { role: 'owner', name: 'what it scales', note: 'at no replicas' },
      advice:
        'What it scales is at no replicas, where Kubernetes switches an autoscaler off. Set that to one replica, so that the floor holds.',
      handOverTo: null,
    },
  ]
}
