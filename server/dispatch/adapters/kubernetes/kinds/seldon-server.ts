import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { effectAt } from './floors.ts'
import { autoscalerRules, patchRules } from './scales.ts'
import { bySeldon } from './seldon.ts'

const resource = { group: 'mlops.seldon.io', versions: ['v1alpha1'], plural: 'servers' } as const

/** A Server of Seldon Core 2. Ready: ready pods of the StatefulSet that Seldon makes under the same name. */
export const seldonServer = defineKind(kubernetesRefs.SeldonServer, {
  kind: 'SeldonServer',
  apiKind: 'Server',
  resource,
  rules: [
    ...patchRules(resource),
    ...autoscalerRules,
    { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get'] },
  ],
  bind: ({ namespace, name }) => ({
    ...bySeldon,
    effect: (_, objects) => effectAt(objects, namespace, { kind: 'StatefulSet', name }),
  }),
})
