import type { kubernetesRefs } from '../../../contract.ts'
import { defineKind, type TargetKind } from '../kind.ts'
import { counted } from './effects.ts'
import { byScale, scaleRules } from './scales.ts'

type PodKind = 'Deployment' | 'StatefulSet'

/** The kinds of the apps group that keep pods. Ready: pods that pass their readiness probe, as its controller counts them. */
export function podScale<K extends PodKind>(
  schema: (typeof kubernetesRefs)[K],
  kind: K,
  plural: string,
): TargetKind {
  const resource = { group: 'apps', versions: ['v1'], plural } as const
  return defineKind(schema, {
    kind,
    resource,
    rules: scaleRules(resource),
    bind: () => ({
      ...byScale,
      effect: (object) => counted(object, 'readyReplicas', true),
    }),
  })
}
