import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import { countAt, type KubeObject, textAt } from '../object.ts'
import { aboveCeiling, effectOfRollout } from './floors.ts'
import { patchRules } from './scales.ts'

const resource = {
  group: 'serving.kserve.io',
  versions: ['v1beta1'],
  plural: 'inferenceservices',
} as const

const path = ['spec', 'predictor', 'minReplicas']

/**
 * The warm replicas of a KServe model: `spec.predictor.minReplicas`. KServe makes it the floor of an autoscaler or, in its serverless
 * mode, of a new Knative Revision. Ready: ready pods of the predictor up to the floor, of the new Revision once it serves.
 */
export const inferenceService = defineKind(kubernetesRefs.InferenceService, {
  kind: 'InferenceService',
  resource,
  rules: [...patchRules(resource), { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }],
  bind: ({ namespace, name }) => {
    const desired = (object: unknown) => countAt(object, path) ?? 1
    return {
      field: path,
      desired,
      effect: (object, objects) =>
        effectOfRollout(objects, namespace, {
          labelSelector: `serving.kserve.io/inferenceservice=${name},component=predictor`,
          revision: textAt(object, ['status', 'components', 'predictor', 'latestReadyRevision']),
          awaits: rollout(object),
          floor: desired(object),
        }),
      write: (object, { replicas }) =>
        // Zero means that there is no ceiling.
        aboveCeiling(
          replicas,
          countAt(object, ['spec', 'predictor', 'maxReplicas']) || null,
          'spec.predictor.maxReplicas',
        ) ?? { patch: { spec: { predictor: { minReplicas: replicas } } } },
      claims: elsewhere,
      raw: (object) => ({
        maxReplicas: countAt(object, ['spec', 'predictor', 'maxReplicas']),
        revision: textAt(object, ['status', 'components', 'predictor', 'latestReadyRevision']),
      }),
    }
  },
})

/**
 * KServe copies `status.observedGeneration` from the Deployment or the Knative Service that it made (kserve/kserve#6081), so that it
 * says nothing of the InferenceService itself.
 */
function rollout(object: KubeObject): string | null {
  const of = (which: string) => textAt(object, ['status', 'components', 'predictor', which])
  return of('latestReadyRevision') === of('latestCreatedRevision') ? null : 'the new Revision to serve'
}

function elsewhere({ metadata: { annotations } }: KubeObject): Claim[] {
  const external = annotations['serving.kserve.io/autoscalerClass'] === 'external'
  const mesh = annotations['serving.kserve.io/deploymentMode'] === 'ModelMesh'
  if (!external && !mesh) return []
  const name = mesh ? 'ModelMesh' : 'an external autoscaler'
  const advice = mesh
    ? 'ModelMesh places models on shared runtimes; map the Deployment of the runtime instead.'
    : 'KServe leaves the replicas to an external autoscaler; map that one instead.'
  return [{ manager: { role: 'autoscaler', name, note: null }, advice, handOverTo: null }]
}
