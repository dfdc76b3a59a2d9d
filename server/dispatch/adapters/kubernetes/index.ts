import { kubernetesConfig, kubernetesRef } from '../../contract.ts'
import { defineAdapter } from '../definition.ts'
import { observeError } from '../failure.ts'
import { clusterAccess, kubernetesClient, messageOf, statusOf } from './client.ts'
import { discoverTargets } from './discover.ts'
import { examineCluster } from './examine.ts'
import { labelOf } from './kind.ts'
import { bindKind } from './kinds/index.ts'
import { rbacManifest } from './rbac.ts'
import { kubernetesTarget } from './target.ts'

/** Objects in a cluster, by the API server of a kubeconfig or of the cluster around us. */
export const kubernetes = defineAdapter({
  kind: 'kubernetes',
  config: kubernetesConfig,
  ref: kubernetesRef,
  secrets: async (config, requestTimeoutMs) => (await kubernetesClient(config, requestTimeoutMs)).secrets(),
  check: async (config, requestTimeoutMs) => {
    const client = await kubernetesClient(config, requestTimeoutMs)
    try {
      return `${await client.whoAmI()} at ${client.server}`
    } catch (error) {
      throw observeError(statusOf(error), client.server, messageOf(error))
    }
  },
  examine: async (config, refs, requestTimeoutMs) => {
    const client = await kubernetesClient(config, requestTimeoutMs)
    try {
      return await examineCluster(client, clusterAccess(config), refs)
    } catch (error) {
      throw observeError(statusOf(error), client.server, messageOf(error))
    }
  },
  rights: rbacManifest,
  open: async (config, ref, requestTimeoutMs) =>
    kubernetesTarget(await kubernetesClient(config, requestTimeoutMs), bindKind(ref)),
  label: labelOf,
  discover: async (config, namespace, requestTimeoutMs) =>
    discoverTargets(await kubernetesClient(config, requestTimeoutMs), namespace),
})
