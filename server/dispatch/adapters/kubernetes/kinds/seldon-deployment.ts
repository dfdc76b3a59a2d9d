import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { at, countAt, isRecord, type KubeObject, listAt } from '../object.ts'
import { autoscalerRules, patchRules } from './scales.ts'
import { bySeldon } from './seldon.ts'

const resource = {
  group: 'machinelearning.seldon.io',
  versions: ['v1'],
  plural: 'seldondeployments',
} as const

/** A SeldonDeployment of Seldon Core 1. Ready: what the least of the Deployments of its graph has available. */
export const seldonDeployment = defineKind(kubernetesRefs.SeldonDeployment, {
  kind: 'SeldonDeployment',
  resource,
  rules: [...patchRules(resource), ...autoscalerRules],
  bind: () => ({
    ...bySeldon,
    effect: (object) => ({ ready: readyOf(object), awaits: null }),
    claims: (object) =>
      listAt(object, ['spec', 'predictors']).some((each) => at(each, ['replicas']) !== undefined)
        ? [
            {
              manager: { role: 'owner', name: 'its predictors', note: 'with replicas of their own' },
              advice:
                'Its predictors name replicas of their own, which spec.replicas does not move. Leave `replicas` out of them.',
              handOverTo: null,
            },
          ]
        : [],
  }),
})

function readyOf(object: KubeObject): number {
  const deployments = at(object, ['status', 'deploymentStatus'])
  if (!isRecord(deployments)) return 0
  const available = Object.values(deployments).map((each) => countAt(each, ['availableReplicas']) ?? 0)
  return available.length === 0 ? 0 : Math.min(...available)
}
