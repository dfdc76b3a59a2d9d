import { statusOf } from './client.ts'
import { rightInWords } from './grants.ts'
import { at, type KubeObject, textAt } from './object.ts'
import type { Objects, Resource } from './objects.ts'

/** What has an object as its scale target, in the form of a reference to map instead. */
export type Autoscaler = { kind: 'HorizontalPodAutoscaler' | 'ScaledObject'; namespace: string; name: string }

const hpas: Resource = { group: 'autoscaling', versions: ['v2'], plural: 'horizontalpodautoscalers' }
const scaledObjects: Resource = { group: 'keda.sh', versions: ['v1alpha1'], plural: 'scaledobjects' }

/** So many autoscalers of one namespace are looked through; where there are more, nobody knows who else writes. */
const pageSize = 250
const maxPages = 40

/** `unknown`: why nobody can tell whether there are others, in words; empty where everything was looked through. */
export type Autoscalers = { found: Autoscaler[]; unknown: string[] }

type Looked = { items: KubeObject[]; unknown: string | null }

/**
 * Autoscalers of an object's namespace that have it as their target; instead of one that KEDA made, what it was made from. What may not be
 * listed, or is not served as it is understood, is not known: the object can be read all the same.
 */
export async function autoscalersOf(
  objects: Objects,
  namespace: string,
  object: KubeObject,
): Promise<Autoscalers> {
  // Who may not even ask what is served may still list it.
  const withKeda = await objects.groups().then(
    (groups) => groups.has(scaledObjects.group),
    (error: unknown) => {
      if (statusOf(error) === 403) return true
      throw error
    },
  )
  const [byKeda, plain] = await Promise.all([
    withKeda ? all(objects, scaledObjects, namespace, object) : { items: [], unknown: null },
    all(objects, hpas, namespace, object),
  ])
  return {
    found: autoscalersAmong({ byKeda: byKeda.items, plain: plain.items }, namespace, object),
    unknown: [byKeda.unknown, plain.unknown].filter((each) => each !== null),
  }
}

/** The same among those that were read already. */
export function autoscalersAmong(
  { byKeda, plain }: { byKeda: KubeObject[]; plain: KubeObject[] },
  namespace: string,
  object: KubeObject,
): Autoscaler[] {
  const here = (each: KubeObject) => each.metadata.namespace === namespace
  const found = [
    ...byKeda
      .filter((each) => here(each) && targets(each, object, 'Deployment'))
      .map(({ metadata }): Autoscaler => ({ kind: 'ScaledObject', namespace, name: metadata.name })),
    ...plain
      .filter((each) => here(each) && targets(each, object, null))
      .map(({ metadata }): Autoscaler => {
        const keda = metadata.ownerReferences.find(isKeda)
        if (keda !== undefined) return { kind: 'ScaledObject', namespace, name: keda.name }
        return { kind: 'HorizontalPodAutoscaler', namespace, name: metadata.name }
      }),
  ]
  return [...new Map(found.map((each) => [`${each.kind}/${each.name}`, each])).values()]
}

const isKeda = ({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean =>
  kind === 'ScaledObject' && apiVersion.startsWith(`${scaledObjects.group}/`)

/** `kindByDefault`: what the reference means where it names no kind. */
function targets(autoscaler: KubeObject, object: KubeObject, kindByDefault: string | null): boolean {
  const target = at(autoscaler, ['spec', 'scaleTargetRef'])
  const group = (apiVersion: string) => apiVersion.split('/')[0]
  const kind = textAt(target, ['kind']) ?? kindByDefault
  return (
    textAt(target, ['name']) === object.metadata.name &&
    kind === object.kind &&
    group(textAt(target, ['apiVersion']) ?? 'apps/v1') === group(object.apiVersion ?? '')
  )
}

/** Those that may have the object as their target; of a page no more is held on to. */
async function all(
  objects: Objects,
  resource: Resource,
  namespace: string,
  { metadata: { name } }: KubeObject,
): Promise<Looked> {
  const items: KubeObject[] = []
  let next: string | null = null
  for (let page = 0; page < maxPages; page++) {
    let answer: Awaited<ReturnType<Objects['list']>>
    try {
      answer = await objects.list(resource, namespace, {
        limit: pageSize,
        ...(next === null ? {} : { next }),
      })
    } catch (error) {
      const unknown = unknownBy(statusOf(error), resource, namespace)
      if (unknown === null) throw error
      return { items, unknown }
    }
    items.push(...answer.items.filter((each) => textAt(each, ['spec', 'scaleTargetRef', 'name']) === name))
    next = answer.next
    if (next === null) return { items, unknown: null }
  }
  const most = pageSize * maxPages
  return { items, unknown: `there are more than ${most} ${resource.plural} in namespace ${namespace}` }
}

/** Null where the answer is no reason to go on without it. */
function unknownBy(
  status: number | null,
  { group, versions, plural }: Resource,
  namespace: string,
): string | null {
  if (status === 403)
    return `the connection ${rightInWords({ verb: 'list', group, resource: plural, namespace, name: null })}`
  return status === 404 ? `the cluster does not serve ${plural} as ${group}/${versions[0]}` : null
}
