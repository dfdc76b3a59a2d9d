import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import { at, countAt, type KubeObject, textAt } from '../object.ts'
import { aboveCeiling, readyAtScaleTarget, upTo } from './floors.ts'
import { patchRules } from './scales.ts'

const resource = { group: 'keda.sh', versions: ['v1alpha1'], plural: 'scaledobjects' } as const

/** KEDA's own default of `maxReplicaCount`. */
const defaultCeiling = 100

/**
 * The floor of a KEDA ScaledObject: `minReplicaCount`; KEDA carries it into the autoscaler that it makes. Ready: ready pods of
 * what it scales, up to the floor.
 */
export const scaledObject = defineKind(kubernetesRefs.ScaledObject, {
  kind: 'ScaledObject',
  resource,
  rules: [
    ...patchRules(resource),
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['get'] },
  ],
  bind: ({ namespace }) => {
    const desired = (object: unknown) => countAt(object, ['spec', 'minReplicaCount']) ?? 0
    const ceiling = (object: unknown) => countAt(object, ['spec', 'maxReplicaCount']) ?? defaultCeiling
    return {
      controls: ['replicas', 'warm'],
      field: ['spec', 'minReplicaCount'],
      desired,
      ready: async (object, objects) =>
        upTo(
          desired(object),
          await readyAtScaleTarget(objects, namespace, at(object, ['spec', 'scaleTargetRef'])),
        ),
      write: (object, { replicas }) =>
        aboveCeiling(replicas, ceiling(object), 'maxReplicaCount') ?? {
          patch: { spec: { minReplicaCount: replicas } },
        },
      claims: withoutEffect,
      raw: (object) => ({
        maxReplicaCount: ceiling(object),
        scales: textAt(object, ['spec', 'scaleTargetRef', 'name']),
      }),
    }
  },
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
