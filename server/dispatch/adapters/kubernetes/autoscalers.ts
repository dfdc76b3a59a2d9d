import { at, type KubeObject, textAt } from './object.ts'
import type { Objects, Resource } from './objects.ts'

/** What has an object as its scale target, in the form of a reference to map instead. */
export type Autoscaler = { kind: 'HorizontalPodAutoscaler' | 'ScaledObject'; namespace: string; name: string }

const hpas: Resource = { group: 'autoscaling', versions: ['v2'], plural: 'horizontalpodautoscalers' }
const scaledObjects: Resource = { group: 'keda.sh', versions: ['v1alpha1'], plural: 'scaledobjects' }

/** So many autoscalers of one namespace are looked through; where there are more, nobody knows who else writes. */
const pageSize = 500
const maxPages = 20

/** Autoscalers of an object's namespace that have it as their target; instead of one that KEDA made, what it was made from. */
export async function autoscalersOf(
  objects: Objects,
  namespace: string,
  object: KubeObject,
): Promise<Autoscaler[]> {
  const withKeda = (await objects.groups()).has(scaledObjects.group)
  const [byKeda, plain] = await Promise.all([
    withKeda ? all(objects, scaledObjects, namespace) : [],
    all(objects, hpas, namespace),
  ])
  return autoscalersAmong({ byKeda, plain }, namespace, object)
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

async function all(objects: Objects, resource: Resource, namespace: string): Promise<KubeObject[]> {
  const found: KubeObject[] = []
  let next: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const answer: Awaited<ReturnType<Objects['list']>> = await objects.list(resource, namespace, {
      limit: pageSize,
      ...(next === null ? {} : { next }),
    })
    found.push(...answer.items)
    next = answer.next
    if (next === null) return found
  }
  throw new Error(
    `There are more than ${pageSize * maxPages} ${resource.plural} in "${namespace}", so that nobody can tell whether one of them has this object as its target.`,
  )
}
