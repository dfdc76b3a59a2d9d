import type { BoundKind, Claim, Write } from '../kind.ts'
import { countAt, type KubeObject } from '../object.ts'

/**
 * What the kinds of Seldon have in common: `spec.replicas`, patched, because not every release of them has a scale subresource.
 * Between `minReplicas` and `maxReplicas` Seldon moves the number itself.
 */
export const bySeldon = {
  field: ['spec', 'replicas'],
  scalable: true,
  desired: (object: KubeObject): number => countAt(object, ['spec', 'replicas']) ?? 1,
  write: (_: KubeObject, { replicas }: { replicas: number }): Write => ({ patch: { spec: { replicas } } }),
  claims: ({ spec }: KubeObject): Claim[] =>
    spec.minReplicas === undefined && spec.maxReplicas === undefined
      ? []
      : [
          {
            manager: { role: 'autoscaler', name: 'Seldon', note: 'between minReplicas and maxReplicas' },
            advice:
              'Seldon moves the replicas itself between minReplicas and maxReplicas. Take both off to have them planned here.',
            handOverTo: null,
          },
        ],
} satisfies Partial<BoundKind>
