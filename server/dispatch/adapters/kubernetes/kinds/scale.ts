import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { counted } from './effects.ts'
import { byScale, scaleRules } from './scales.ts'

/**
 * Any object with a scale subresource, such as an Argo Rollout, a LeaderWorkerSet or a static Karpenter NodePool. Ready: the
 * field of its status that the reference names, because no convention says which one counts what is ready.
 */
export const scale = defineKind(kubernetesRefs.Scale, {
  kind: 'Scale',
  resource: null,
  rules: (ref) => [
    ...scaleRules(ref),
    { apiGroups: [ref.group], resources: [`${ref.plural}/scale`], verbs: ['get'] },
  ],
  bind: ({ group, version, plural, ready }) => ({
    ...byScale,
    readByScale: true,
    resource: { group, versions: [version], plural },
    effect: (object) => counted(object, ready, false),
  }),
  // Discovery asks for the resources that have a scale, and makes the references itself.
  discover: () => [],
})
