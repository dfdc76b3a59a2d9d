import { ServiceError } from '../../../kernel/errors.ts'
import { type Found, type FoundTarget, type KubernetesKind, kubernetesRef } from '../../contract.ts'
import { inBatches } from '../../in-batches.ts'
import { observeError } from '../failure.ts'
import { type Autoscalers, autoscalersAmong } from './autoscalers.ts'
import { type KubernetesClient, messageOf, retryAfterOf, statusOf } from './client.ts'
import { bindKind, kinds } from './kinds/index.ts'
import { countAt, type KubeObject } from './object.ts'
import type { Objects, Resource } from './objects.ts'
import { ownershipOf } from './ownership.ts'
import { scaledAlready } from './scaled.ts'

/** How far a look goes: objects of a kind, in pages, and groups of the API that are asked for kinds with a scale. */
const pageSize = 250
const mostOfAKind = 1_000
const mostGroups = 60
const requestsAtOnce = 8
/** Objects of a kind whose scale is asked for one by one, where they do not show their number themselves. */
const mostScales = 250

/** Kinds with a scale that are parts of others. */
const notByThemselves = new Set(['apps/replicasets', 'cluster.x-k8s.io/machinesets'])

/** A kind that the cluster serves. `as`: the kind of target that its objects are; `kind`: what the API calls it. */
type Source = { as: KubernetesKind; kind: string; resource: Resource; namespaced: boolean }
type Listed = Source & { items: KubeObject[]; cut: boolean; why: string | null }

/**
 * What a cluster has that could be a target: every known kind that its API serves, and whatever else has a scale. Objects that
 * belong to another one are left out, since that one is the target. `namespace`: look there alone.
 * @throws ServiceError if the API cannot be asked what it serves
 */
export async function discoverTargets(
  { objects, server }: Pick<KubernetesClient, 'objects' | 'server'>,
  namespace: string | null,
): Promise<Found> {
  let sources: Source[]
  try {
    sources = await sourcesOf(objects)
  } catch (error) {
    if (error instanceof ServiceError) throw error
    throw observeError(statusOf(error), server, messageOf(error), retryAfterOf(error))
  }
  const here = sources.filter(({ namespaced }) => namespaced || namespace === null)
  const listed = await inBatches(here, requestsAtOnce, (source) =>
    list(objects, source, source.namespaced ? namespace : null),
  )
  const all = (as: KubernetesKind) => listed.filter((each) => each.as === as).flatMap(({ items }) => items)
  const unknown = listed.flatMap((each) =>
    each.as === 'ScaledObject' || each.as === 'HorizontalPodAutoscaler' ? (unknownOf(each) ?? []) : [],
  )
  const among = { byKeda: all('ScaledObject'), plain: all('HorizontalPodAutoscaler') }
  const scaledBy = (of: string, object: KubeObject): Autoscalers => ({
    found: autoscalersAmong(among, of, object),
    unknown,
  })
  return {
    found: listed
      .flatMap((source) => source.items.flatMap((object) => foundIn(source, object, scaledBy)))
      .toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    unreadable: listed.flatMap(({ kind, why }) => (why === null ? [] : [{ kind, why }])),
    cut: listed.filter(({ cut }) => cut).map(({ kind }) => kind),
  }
}

/** Known kinds whose group is served, and of the other groups what has a scale. */
async function sourcesOf(objects: Objects): Promise<Source[]> {
  const groups = await objects.groups(0)
  const known = Object.values(kinds).flatMap(({ kind, apiKind, resource, namespaced }): Source[] =>
    resource !== null && groups.has(resource.group)
      ? [{ as: kind, kind: apiKind, resource, namespaced }]
      : [],
  )
  const taken = new Set(known.map(({ resource }) => `${resource.group}/${resource.plural}`))
  const asked = [...groups].slice(0, mostGroups)
  const others = await inBatches(asked, requestsAtOnce, async ([group, [version]]): Promise<Source[]> => {
    if (version === undefined) return []
    // A group whose own server is away says nothing of the others.
    const resources = await objects.resources(group, version).catch(() => [])
    return resources
      .filter(({ plural, scalable }) => scalable && !taken.has(`${group}/${plural}`))
      .filter(({ plural }) => !notByThemselves.has(`${group}/${plural}`))
      .map(({ kind, plural, namespaced }) => ({
        ...{ as: 'Scale', kind, namespaced },
        resource: { group, versions: [version], plural },
      }))
  })
  return [...known, ...others.flat()]
}

/** Objects of one kind, up to a bound; why it could not be listed, in words. */
async function list(objects: Objects, source: Source, namespace: string | null): Promise<Listed> {
  const items: KubeObject[] = []
  let next: string | null = null
  try {
    do {
      const page: Awaited<ReturnType<Objects['list']>> = await objects.list(source.resource, namespace, {
        limit: pageSize,
        ...(next === null ? {} : { next }),
      })
      items.push(...page.items)
      next = page.next
    } while (next !== null && items.length < mostOfAKind)
  } catch (error) {
    // The kind is not there, although its group is.
    const why = statusOf(error) === 404 ? null : messageOf(error)
    return { ...source, items, cut: false, why }
  }
  if (source.as !== 'Scale') return { ...source, items, cut: next !== null, why: null }
  const numbered = await inBatches(items.slice(0, mostScales), requestsAtOnce, (object) => {
    const { namespace: of = null, name } = object.metadata
    // One whose scale cannot be read is no target.
    return scaledAlready(objects, { ...source, namespace: of, name }, object).catch(() => [])
  })
  return { ...source, items: numbered.flat(), cut: next !== null || items.length > mostScales, why: null }
}

/** Why nobody can tell what these autoscalers have as their target. */
function unknownOf({ kind, why, cut }: Listed): string | null {
  if (cut) return `there are more than ${mostOfAKind} objects of the kind ${kind}`
  return why === null ? null : `objects of the kind ${kind} may not be listed`
}

/** The references that an object can be mapped by, with what is asked of it there. */
function foundIn(
  { as, kind, resource }: Source,
  listed: KubeObject,
  scaledBy: (namespace: string, object: KubeObject) => Autoscalers,
): FoundTarget[] {
  // Items of a list do not say what they are.
  const object = { ...listed, kind, apiVersion: `${resource.group}/${resource.versions[0]}` }
  const { name, namespace, labels, ownerReferences } = object.metadata
  if (ownerReferences.some(({ controller }) => controller === true)) return []
  const refs = as === 'Scale' ? [scaleRef(resource, object)] : kinds[as].discover(object)
  return refs.flatMap((each): FoundTarget[] => {
    const ref = kubernetesRef.safeParse(each)
    if (!ref.success) return []
    const { label, controls, field, desired, scalable, claims } = bindKind(ref.data)
    const asked = attempt(() => desired(object))
    if (asked === null) return []
    const autoscalers: Autoscalers =
      scalable && namespace ? scaledBy(namespace, object) : { found: [], unknown: [] }
    return [
      {
        ...{ ref: ref.data, label, kind, name, namespace: namespace ?? null, desired: asked, controls },
        appName: labels['app.kubernetes.io/name'] ?? null,
        ownership: ownershipOf({ object, field, autoscalers, claims: claims?.(object) ?? [] }),
      },
    ]
  })
}

/** The best field of its status to count what is ready by; whoever maps it may choose another. */
function scaleRef({ group, versions, plural }: Resource, object: KubeObject): Record<string, string> {
  const counts = ['readyReplicas', 'availableReplicas', 'replicas']
  const ready = counts.find((each) => countAt(object, ['status', each]) !== null) ?? 'readyReplicas'
  const { name, namespace = '' } = object.metadata
  return { kind: 'Scale', group, version: versions[0], plural, namespace, name, ready }
}

/** Null where an object of the kind cannot be asked at all, which is no reason to show none of the others. */
function attempt(work: () => number): number | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof ServiceError) return null
    throw error
  }
}
