import { kubernetesConfig, kubernetesRef } from '../../contract.ts'
import { defineAdapter } from '../definition.ts'
import { observeError } from '../failure.ts'
import { kubernetesClient, messageOf, statusOf } from './client.ts'
import { discoverTargets } from './discover.ts'
import { labelOf } from './kind.ts'
import { bindKind } from './kinds/index.ts'
import { kubernetesTarget } from './target.ts'

/** Objects in a cluster, by the API server of a kubeconfig. */
export const kubernetes = defineAdapter({
  kind: 'kubernetes',
  config: kubernetesConfig,
  ref: kubernetesRef,
  check: async ({ kubeconfig }, requestTimeoutMs) => {
    const client = await kubernetesClient(kubeconfig, requestTimeoutMs)
    try {
      return `${await client.whoAmI()} at ${client.server}`
    } catch (error) {
      throw observeError(statusOf(error), client.server, messageOf(error))
    }
  },
  open: async ({ kubeconfig }, ref, requestTimeoutMs) =>
    kubernetesTarget(await kubernetesClient(kubeconfig, requestTimeoutMs), bindKind(ref)),
  label: labelOf,
  discover: async ({ kubeconfig }, namespace, requestTimeoutMs) =>
    discoverTargets(await kubernetesClient(kubeconfig, requestTimeoutMs), namespace),
})
