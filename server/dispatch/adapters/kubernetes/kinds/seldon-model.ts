import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { countAt, isTrue, type KubeObject } from '../object.ts'
import { autoscalerRules, patchRules } from './scales.ts'
import { bySeldon } from './seldon.ts'

const resource = { group: 'mlops.seldon.io', versions: ['v1alpha1'], plural: 'models' } as const

/** A Model of Seldon Core 2: on how many server replicas it is loaded. Ready: replicas that are loaded and available. */
export const seldonModel = defineKind(kubernetesRefs.SeldonModel, {
  kind: 'SeldonModel',
  apiKind: 'Model',
  resource,
  rules: [...patchRules(resource), ...autoscalerRules],
  bind: () => ({ ...bySeldon, effect: (object) => ({ ready: readyOf(object), awaits: null }) }),
})

/** Releases that do not count what is available say only whether all of what was asked for is. */
function readyOf(object: KubeObject): number {
  const available = countAt(object, ['status', 'availableReplicas'])
  if (available !== null) return available
  if (!isTrue(object, 'ModelReady')) return 0
  return countAt(object, ['status', 'replicas']) ?? bySeldon.desired(object)
}
