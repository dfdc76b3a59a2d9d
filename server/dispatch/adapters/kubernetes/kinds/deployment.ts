import { kubernetesRefs } from '../../../contract.ts'
import { defineKind } from '../kind.ts'
import { byScale, scaleRules, statusCount } from './scales.ts'

const resource = { group: 'apps', versions: ['v1'], plural: 'deployments' } as const

/** A Deployment by its scale. Ready: pods that pass their readiness probe, as its controller counts them. */
export const deployment = defineKind(kubernetesRefs.Deployment, {
  kind: 'Deployment',
  resource,
  rules: scaleRules(resource),
  bind: () => ({
    ...byScale,
    controls: ['replicas'],
    ready: (object) => statusCount(object, 'readyReplicas'),
  }),
})
