import { statusOf } from '../client.ts'
import type { Write } from '../kind.ts'
import { countAt, textAt } from '../object.ts'
import type { Objects, Resource } from '../objects.ts'

const deployments: Resource = { group: 'apps', versions: ['v1'], plural: 'deployments' }
const known: Record<string, Resource> = {
  Deployment: deployments,
  StatefulSet: { group: 'apps', versions: ['v1'], plural: 'statefulsets' },
}

/**
 * A floor has taken effect as soon as that many are ready; what runs above it is not ours. So no floor is ever more ready than
 * it is high.
 */
export const upTo = (floor: number, ready: number): number => Math.min(floor, ready)

/** A floor above the ceiling would raise what may be spent beyond what anybody approved. `null`: there is no ceiling. */
export function aboveCeiling(floor: number, ceiling: number | null, field: string): Write | null {
  if (ceiling === null || floor <= ceiling) return null
  const refuse = `A floor of ${floor} is above ${field}, which is ${ceiling}; the ceiling is never raised with it. Raise ${field} first, or approve at most ${ceiling}.`
  return { refuse }
}

/** Pods that are ready at what an autoscaler scales; none where that is not there. */
export async function readyAtScaleTarget(
  objects: Objects,
  namespace: string,
  target: unknown,
): Promise<number> {
  const kind = textAt(target, ['kind']) ?? 'Deployment'
  const name = textAt(target, ['name'])
  if (name === null) return 0
  const resource = known[kind] ?? (await resourceOf(objects, textAt(target, ['apiVersion']) ?? '', kind))
  if (resource === null) return 0
  try {
    const object = await objects.read({ resource, namespace, name })
    return (
      countAt(object, ['status', 'readyReplicas']) ?? countAt(object, ['status', 'availableReplicas']) ?? 0
    )
  } catch (error) {
    if (statusOf(error) === 404) return 0
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
 * Ready pods of the Deployments with a label: those of one revision once the roll-out to it is over. Until then one less than
 * asked for at most, since what was asked has not taken effect while the old revision still serves.
 */
export async function readyInRollout(
  objects: Objects,
  namespace: string,
  { labelSelector, revision, settled, floor }: Rollout,
): Promise<number> {
  const { items } = await objects.list(deployments, namespace, { labelSelector, limit: 200 })
  const counted = items.filter(
    ({ metadata }) =>
      !settled || revision === null || metadata.labels['serving.knative.dev/revision'] === revision,
  )
  const ready = counted.reduce((sum, object) => sum + (countAt(object, ['status', 'readyReplicas']) ?? 0), 0)
  return settled ? upTo(floor, ready) : upTo(Math.max(0, floor - 1), ready)
}

/** `revision`: the one that serves; null where the Deployments are not made per revision. */
export type Rollout = { labelSelector: string; revision: string | null; settled: boolean; floor: number }
