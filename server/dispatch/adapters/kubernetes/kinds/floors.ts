import { statusOf } from '../client.ts'
import type { BoundKind, Effect, Rule, Write } from '../kind.ts'
import { at, countAt, isObserved, type KubeObject, textAt } from '../object.ts'
import type { Objects, Resource } from '../objects.ts'
import { unseen } from './effects.ts'
import { patchRules } from './scales.ts'

const deployments: Resource = { group: 'apps', versions: ['v1'], plural: 'deployments' }
const known: Record<string, Resource> = {
  Deployment: deployments,
  StatefulSet: { group: 'apps', versions: ['v1'], plural: 'statefulsets' },
}

/** A floor above the ceiling would raise what may be spent beyond what anybody approved. `null`: there is no ceiling. */
export function aboveCeiling(floor: number, ceiling: number | null, field: string): Write | null {
  if (ceiling === null || floor <= ceiling) return null
  const refuse = `A floor of ${floor} is above ${field}, which is ${ceiling}; the ceiling is never raised with it. Raise ${field} first, or approve at most ${ceiling}.`
  return { refuse }
}

/** What patching an autoscaler needs, and reading what it scales. */
export const floorRules = (resource: Pick<Resource, 'group' | 'plural'>): Rule[] => [
  ...patchRules(resource),
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['get'] },
]

/** The fields of an autoscaler's spec that bound it, and what they are where they are left out; `null`: no ceiling. */
type Bounds = { least: string; leastByDefault: number; most: string; mostByDefault: number | null }

/** The floor of an autoscaler of a namespace. Ready: ready pods of what it scales, up to the floor. */
export function autoscalerFloor(namespace: string, { least, leastByDefault, most, mostByDefault }: Bounds) {
  const desired = (object: unknown) => countAt(object, ['spec', least]) ?? leastByDefault
  const ceiling = (object: unknown) => countAt(object, ['spec', most]) ?? mostByDefault
  return {
    field: ['spec', least],
    desired,
    effect: async (object: KubeObject, objects: Objects) =>
      upTo(desired(object), await effectAt(objects, namespace, at(object, ['spec', 'scaleTargetRef']))),
    write: (object: KubeObject, { replicas }: { replicas: number }): Write =>
      aboveCeiling(replicas, ceiling(object), most) ?? { patch: { spec: { [least]: replicas } } },
    raw: (object: KubeObject) => ({
      [most]: ceiling(object),
      scales: textAt(object, ['spec', 'scaleTargetRef', 'name']),
    }),
  } satisfies Partial<BoundKind>
}

/**
 * A floor has taken effect as soon as that many are ready; what runs above it is not ours. So no floor is ever more ready than
 * it is high.
 */
const upTo = (floor: number, { ready, awaits }: Effect): Effect => ({
  ready: Math.min(floor, ready),
  awaits,
})

/** Pods that are ready at what an autoscaler scales; none where that is not there. */
export async function effectAt(objects: Objects, namespace: string, target: unknown): Promise<Effect> {
  const none = { ready: 0, awaits: null }
  const kind = textAt(target, ['kind']) ?? 'Deployment'
  const name = textAt(target, ['name'])
  if (name === null) return none
  const resource = known[kind] ?? (await resourceOf(objects, textAt(target, ['apiVersion']) ?? '', kind))
  if (resource === null) return none
  try {
    const object = await objects.read({ resource, namespace, name })
    const ready =
      countAt(object, ['status', 'readyReplicas']) ?? countAt(object, ['status', 'availableReplicas']) ?? 0
    return { ready, awaits: isObserved(object, kind in known) ? null : unseen }
  } catch (error) {
    if (statusOf(error) === 404) return none
    throw error
  }
}

async function resourceOf(objects: Objects, apiVersion: string, kind: string): Promise<Resource | null> {
  const [group, version] = apiVersion.split('/')
  if (!group || !version) return null
  const found = (await objects.resources(group, version)).find((each) => each.kind === kind)
  return found === undefined ? null : { group, versions: [version], plural: found.plural }
}

/**
 * Ready pods of the Deployments with a label, up to a floor: those of one revision once the roll-out to it is over, of all of them
 * until then.
 */
export async function effectOfRollout(
  objects: Objects,
  namespace: string,
  { labelSelector, revision, awaits, floor }: Rollout,
): Promise<Effect> {
  const { items } = await objects.list(deployments, namespace, { labelSelector, limit: 200 })
  const those = items.filter(
    ({ metadata }) =>
      awaits !== null || revision === null || metadata.labels['serving.knative.dev/revision'] === revision,
  )
  const ready = those.reduce((sum, object) => sum + (countAt(object, ['status', 'readyReplicas']) ?? 0), 0)
  const seen = those.every((object) => isObserved(object, true))
  return upTo(floor, { ready, awaits: awaits ?? (seen ? null : unseen) })
}

/** `revision`: the one that serves; null where the Deployments are not made per revision. `awaits`: as of `Effect`. */
export type Rollout = Pick<Effect, 'awaits'> & {
  labelSelector: string
  revision: string | null
  floor: number
}
