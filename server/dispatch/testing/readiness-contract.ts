import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { kubernetes } from '../adapters/kubernetes/index.ts'
import type { KubernetesKind } from '../contract.ts'
import type { Cluster } from './cluster.ts'
import { samples } from './kind-samples.ts'

/** Whose status says which generation it is about, and what of it says so. */
const sayingSo: Partial<Record<KubernetesKind, string | null>> = {
  ClusterQueue: 'Active',
  Deployment: null,
  KnativeService: null,
  MachineDeployment: null,
  NodePool: 'Ready',
  Scale: null,
  StatefulSet: null,
}
const unseen = /its controller to see the change|its condition (Active|Ready) to hold/

/** Nothing that a status says of an older spec counts as ready, in a cluster of whatever make. */
export function readinessContract(name: string, reach: () => { cluster: Cluster; kubeconfig: string }): void {
  describe(`${name} believes a count that its controller brought up to date`, () => {
    test.each(Object.entries(sayingSo))('of a %s', async (key, condition) => {
      const { cluster, kubeconfig } = reach()
      const kind = key as KubernetesKind
      const { create, markReady, path, ref, levels } = samples[kind]
      const object = `stale-${kind.toLowerCase()}`
      await create(cluster, object)
      await markReady(cluster, object, levels.from)
      const adapter = await kubernetes.open({ kubeconfig }, ref(object))
      const before = await adapter.observe()
      expect(before).toMatchObject({ readyReplicas: levels.from, awaits: null })
      const setPoint = { control: levels.control, final: false, dispatchId: randomUUID(), fencingToken: 1 }
      // What was ready before is asked for again: the old count would do, and is about another generation.
      const there = await adapter.apply(before.lock, { ...setPoint, replicas: levels.to })
      if (there.kind !== 'applied') throw new Error(JSON.stringify(there))
      await stampWith(cluster, path(object), condition, 1)
      const middle = await adapter.observe()
      const back = await adapter.apply(middle.lock, { ...setPoint, replicas: levels.from })
      expect(back).toMatchObject({ kind: 'applied', observation: { awaits: expect.stringMatching(unseen) } })
      await markReady(cluster, object, levels.from)
      await stampWith(cluster, path(object), condition, 3)
      expect(await adapter.observe()).toMatchObject({ readyReplicas: levels.from, awaits: null })
    })
  })
}

/** A condition says itself which generation it is about. */
async function stampWith(
  cluster: Cluster,
  path: string,
  condition: string | null,
  observedGeneration: number,
): Promise<void> {
  if (condition === null) return
  const said = { type: condition, status: 'True', reason: 'Test', message: '', observedGeneration }
  await cluster.setStatus(path, { conditions: [{ ...said, lastTransitionTime: '2026-01-01T00:00:00Z' }] })
}
