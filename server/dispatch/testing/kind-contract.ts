import { kubernetes } from '../adapters/kubernetes/index.ts'
import type { KubernetesKind } from '../contract.ts'
import { adapterContract } from './adapter-contract.ts'
import type { Cluster } from './cluster.ts'
import { samples } from './kind-samples.ts'

/** How a cluster is reached: as its admin, with credentials that are worth nothing, and where nobody listens. */
export type Reach = { cluster: Cluster; kubeconfig: string; stranger: string; nowhere: string }

const everyKind = Object.keys(samples) as KubernetesKind[]

/** The contract of target adapters for kinds, in a cluster of whatever make. */
export function kindContract(name: string, reach: () => Promise<Reach>, kinds = everyKind): void {
  let made = 0
  for (const kind of kinds) {
    const sample = samples[kind]
    const { levels } = sample
    adapterContract(
      `${name}, ${kind}`,
      async () => {
        const { cluster, kubeconfig, stranger, nowhere } = await reach()
        const object = `${kind.toLowerCase()}-${++made}`
        await sample.create(cluster, object)
        await sample.markReady(cluster, object, levels.from)
        const before = await cluster.writes(sample.path(object))
        const ref = sample.ref(object)
        return {
          adapter: await kubernetes.open({ kubeconfig }, ref),
          scaleByOther: (level) => cluster.change(sample.path(object), { spec: sample.spec(level) }),
          markReady: (level) => sample.markReady(cluster, object, level),
          changes: async () => (await cluster.writes(sample.path(object))) - before,
          missing: await kubernetes.open({ kubeconfig }, sample.ref('nothing')),
          unauthorised: await kubernetes.open({ kubeconfig: stranger }, ref),
          unreachable: await kubernetes.open({ kubeconfig: nowhere }, ref),
        }
      },
      levels,
    )
  }
}
