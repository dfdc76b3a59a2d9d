import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import type { KubeObject } from '../object.ts'
import { autoscalerFloor, floorRules } from './floors.ts'

const resource = { group: 'keda.sh', versions: ['v1alpha1'], plural: 'scaledobjects' } as const

/** The floor of a KEDA ScaledObject: `minReplicaCount`; KEDA carries it into the autoscaler that it makes. The defaults are KEDA's. */
export const scaledObject = defineKind(kubernetesRefs.ScaledObject, {
  kind: 'ScaledObject',
  resource,
  rules: floorRules(resource),
  bind: ({ namespace }) => ({
    ...autoscalerFloor(namespace, {
      ...{ least: 'minReplicaCount', leastByDefault: 0, most: 'maxReplicaCount', mostByDefault: 100 },
    }),
    claims: withoutEffect,
  }),
})

/** Where the floor would be written and nothing would come of it. */
function withoutEffect({ metadata, spec }: KubeObject): Claim[] {
  const paused = ['autoscaling.keda.sh/paused', 'autoscaling.keda.sh/paused-replicas'].filter(
    (each) => metadata.annotations[each] !== undefined && metadata.annotations[each] !== 'false',
  )
  const claim = (note: string, advice: string): Claim => ({
    manager: { role: 'autoscaler', name: 'KEDA', note },
    advice,
    handOverTo: null,
  })
  return [
    ...paused.map((each) =>
      claim(
        `paused by ${each}`,
        `KEDA is paused here and carries no floor out. Take the annotation ${each} off.`,
      ),
    ),
    ...(spec.idleReplicaCount === undefined
      ? []
      : [
          claim(
            `idles at ${String(spec.idleReplicaCount)}`,
            'While its triggers are quiet KEDA goes to idleReplicaCount, below any floor. Take idleReplicaCount off, so that the floor holds.',
          ),
        ]),
  ]
}
