import type { KubernetesRef } from '../../contract.ts'
import type { Asked } from './client.ts'
import type { Rule } from './kind.ts'
import { bindKind, kinds, rulesFor } from './kinds/index.ts'

/** One right: `verbs` on one resource, of the objects named or of all; `namespace`: null where it belongs to the cluster. */
export type Grant = {
  namespace: string | null
  group: string
  resource: string
  verbs: string[]
  names: string[] | null
}

/** Verbs that name one object; of others no name can be given. */
const ofOneObject = new Set(['get', 'update', 'patch'])

/**
 * The rights that these targets need and nothing more. What a target is itself is granted by its name; what has to be looked through
 * beside it, such as autoscalers, can only be granted for its namespace. Listing what could be a target is discovery, and not in it.
 */
export function grantsFor(refs: readonly KubernetesRef[]): Grant[] {
  return merged(
    refs.flatMap((ref) => {
      const { resource: own, namespace, name } = bindKind(ref).place
      return rulesFor(ref).flatMap((rule) =>
        each(rule).flatMap(({ group, resource, verbs }): Grant[] => {
          const isOwn = group === own.group && resource.split('/')[0] === own.plural
          if (!isOwn) return [{ namespace, group, resource, verbs, names: null }]
          const named = verbs.filter((verb) => ofOneObject.has(verb))
          return named.length === 0 ? [] : [{ namespace, group, resource, verbs: named, names: [name] }]
        }),
      )
    }),
  )
}

/** What finding targets anywhere in the cluster needs: to list every kind, and to change nothing. */
export function discoveryGrants(): Grant[] {
  const resources = Object.values(kinds).flatMap(({ resource }) => resource ?? [])
  return merged(
    [...resources, { group: 'autoscaling', plural: 'horizontalpodautoscalers' }].map(({ group, plural }) => ({
      ...{ namespace: null, group, resource: plural, verbs: ['list'], names: null },
    })),
  )
}

/** A right that is missing, in words. */
export function rightInWords({ verb, group, resource, namespace, name }: Asked): string {
  const what = `${resource}${group ? ` (${group})` : ''}`
  const which = name === null ? what : `${what} "${name}"`
  return `may not ${verb} ${which} ${namespace === null ? 'in the cluster' : `in namespace ${namespace}`}`
}

function each({ apiGroups, resources, verbs }: Rule) {
  return apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verbs })))
}

/** One grant for each resource of a place, with names and without; in an order that does not depend on that of the targets. */
function merged(grants: readonly Grant[]): Grant[] {
  const byKey = new Map<string, Grant>()
  for (const grant of grants) {
    const key = JSON.stringify([grant.namespace ?? '', grant.group, grant.resource, grant.names !== null])
    const known = byKey.get(key)
    byKey.set(key, {
      ...grant,
      verbs: union(known?.verbs ?? [], grant.verbs),
      names: grant.names && union(known?.names ?? [], grant.names),
    })
  }
  return [...byKey.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, grant]) => grant)
}

const union = (one: readonly string[], other: readonly string[]) => [...new Set([...one, ...other])].sort()
