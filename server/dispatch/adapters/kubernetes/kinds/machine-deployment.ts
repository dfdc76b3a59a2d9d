import { kubernetesRefs } from '../../../contract.ts'
import { type Claim, defineKind } from '../kind.ts'
import type { KubeObject } from '../object.ts'
import { counted } from './effects.ts'
import { byScale, scaleRules } from './scales.ts'

const resource = {
  group: 'cluster.x-k8s.io',
  versions: ['v1beta2', 'v1beta1'],
  plural: 'machinedeployments',
} as const

const sizes = ['min', 'max'].map((end) => `cluster.x-k8s.io/cluster-api-autoscaler-node-group-${end}-size`)

/** A node pool of Cluster API by its scale. Ready: machines whose node is Ready, as its controller counts them. */
export const machineDeployment = defineKind(kubernetesRefs.MachineDeployment, {
  kind: 'MachineDeployment',
  resource,
  rules: scaleRules(resource),
  bind: () => ({
    ...byScale,
    effect: (object) => counted(object, 'readyReplicas', true),
    claims: ({ metadata: { annotations } }: KubeObject): Claim[] =>
      sizes.some((each) => annotations[each] !== undefined)
        ? [
            {
              manager: {
                role: 'autoscaler',
                name: 'cluster-autoscaler',
                note: 'by its node group annotations',
              },
              advice: `The cluster autoscaler sizes this node pool. Take its annotations ${sizes.join(' and ')} off, or leave the pool to it.`,
              handOverTo: null,
            },
          ]
        : [],
  }),
})
