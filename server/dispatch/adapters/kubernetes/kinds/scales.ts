import type { BoundKind, Rule, Write } from '../kind.ts'
import { countAt, type KubeObject } from '../object.ts'
import type { Resource } from '../objects.ts'

type Named = Pick<Resource, 'group' | 'plural'>

/** What seeing autoscalers needs; the second rule is without effect where there is no KEDA. */
export const autoscalerRules: Rule[] = [
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: ['list'] },
  { apiGroups: ['keda.sh'], resources: ['scaledobjects'], verbs: ['list'] },
]

/** What reading an object and writing its scale needs, and seeing which autoscalers have it as their target. */
export function scaleRules({ group, plural }: Named): Rule[] {
  return [
    { apiGroups: [group], resources: [plural], verbs: ['get', 'list'] },
    { apiGroups: [group], resources: [`${plural}/scale`], verbs: ['update'] },
    ...autoscalerRules,
  ]
}

/** What reading an object and patching it needs. */
export function patchRules({ group, plural }: Named): Rule[] {
  return [{ apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'patch'] }]
}

/** What every kind has in common whose number is `spec.replicas`, written by its scale subresource. */
export const byScale = {
  field: ['spec', 'replicas'],
  scalable: true,
  desired: (object: KubeObject): number => countAt(object, ['spec', 'replicas']) ?? 1,
  write: (_: KubeObject, { replicas }: { replicas: number }): Write => ({ scale: replicas }),
} satisfies Partial<BoundKind>

/** A count of the status; the API server leaves zeros out. */
export const statusCount = (object: KubeObject, field: string): number =>
  countAt(object, ['status', field]) ?? 0
