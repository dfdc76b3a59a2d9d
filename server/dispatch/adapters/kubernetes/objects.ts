import type { ApisApi, CustomObjectsApi } from '@kubernetes/client-node'
import { z } from 'zod'
import { NotFoundError } from '../../../kernel/errors.ts'
import { type KubeObject, readObject } from './object.ts'

export const fieldManager = 'infrasage'

/** A kind of object in the API; `versions`: those that are understood, the preferred one first. */
export type Resource = { group: string; versions: readonly [string, ...string[]]; plural: string }
/** One object; `namespace` is null for what belongs to the whole cluster. */
export type Place = { resource: Resource; namespace: string | null; name: string }
export type Page = { items: KubeObject[]; next: string | null }
export type Listing = { labelSelector?: string; limit?: number; next?: string }

/** Reads and writes objects of any kind. Every error of a request is the vendor client's own. */
export type Objects = {
  read(place: Place): Promise<KubeObject>
  /** The scale subresource. */
  readScale(place: Place): Promise<KubeObject>
  /** One page of a namespace, or of all of them. */
  list(resource: Resource, namespace: string | null, listing?: Listing): Promise<Page>
  /** A merge patch; a resourceVersion in its metadata is the precondition. */
  patch(place: Place, body: object, dryRun: boolean): Promise<KubeObject>
  /** Replaces the scale subresource; what comes back is for the caller to judge. */
  replaceScale(place: Place, resourceVersion: string, replicas: number, dryRun: boolean): Promise<unknown>
  /** Groups of the API with their versions, the preferred one first. Asked anew after a minute, or after `maxAgeMs`. */
  groups(maxAgeMs?: number): Promise<ReadonlyMap<string, string[]>>
  /** Resources of one version of a group. */
  resources(
    group: string,
    version: string,
  ): Promise<{ kind: string; plural: string; scalable: boolean; namespaced: boolean }[]>
}

const page = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ continue: z.string().optional() }).default({}),
})

const groupsLastMs = 60_000

type Library = Pick<typeof import('@kubernetes/client-node'), 'setHeaderOptions' | 'PatchStrategy'>

export function objectsOf(library: Library, custom: CustomObjectsApi, apis: ApisApi): Objects {
  const merging = library.setHeaderOptions('Content-Type', library.PatchStrategy.MergePatch)
  let known: { at: number; groups: Promise<ReadonlyMap<string, string[]>> } | null = null

  function groups(maxAgeMs = groupsLastMs): Promise<ReadonlyMap<string, string[]>> {
    if (known !== null && performance.now() - known.at < maxAgeMs) return known.groups
    const asked = apis.getAPIVersions().then(
      (list) =>
        new Map(
          list.groups.map(({ name, preferredVersion, versions }) => {
            const all = versions.map(({ version }) => version)
            const preferred = preferredVersion?.version
            return [
              name,
              preferred === undefined ? all : [preferred, ...all.filter((each) => each !== preferred)],
            ]
          }),
        ),
    )
    known = { at: performance.now(), groups: asked }
    asked.catch(() => {
      known = null
    })
    return asked
  }

  /** The first of the understood versions that the server has. Where only one is understood, nobody is asked. */
  async function versionOf({ group, versions, plural }: Resource): Promise<string> {
    if (versions.length === 1) return versions[0]
    const servedOf = async (maxAgeMs?: number) => (await groups(maxAgeMs)).get(group) ?? []
    const among = (served: string[]) => versions.find((version) => served.includes(version))
    // An operator may have been installed a moment ago.
    const found = among(await servedOf()) ?? among(await servedOf(0))
    if (found === undefined) throw new NotFoundError('kind of object', `${plural}.${group}`)
    return found
  }

  async function pathOf({ resource, namespace, name }: Place) {
    const { group, plural } = resource
    const version = await versionOf(resource)
    return { path: { group, version, plural, name }, namespace, version }
  }

  return {
    groups,
    read: async (place) => {
      const { path, namespace } = await pathOf(place)
      return readObject(
        await (namespace === null
          ? custom.getClusterCustomObject(path)
          : custom.getNamespacedCustomObject({ ...path, namespace })),
      )
    },
    readScale: async (place) => {
      const { path, namespace } = await pathOf(place)
      return readObject(
        await (namespace === null
          ? custom.getClusterCustomObjectScale(path)
          : custom.getNamespacedCustomObjectScale({ ...path, namespace })),
      )
    },
    list: async (resource, namespace, { labelSelector, limit, next } = {}) => {
      const { group, plural } = resource
      const path = {
        group,
        plural,
        version: await versionOf(resource),
        labelSelector,
        limit,
        _continue: next,
      }
      const { items, metadata } = page.parse(
        await (namespace === null
          ? custom.listClusterCustomObject(path)
          : custom.listNamespacedCustomObject({ ...path, namespace })),
      )
      return { items: items.map(readObject), next: metadata.continue || null }
    },
    patch: async (place, body, dryRun) => {
      const { path, namespace } = await pathOf(place)
      const request = { ...path, body, fieldManager, ...(dryRun ? { dryRun: 'All' } : {}) }
      return readObject(
        await (namespace === null
          ? custom.patchClusterCustomObject(request, merging)
          : custom.patchNamespacedCustomObject({ ...request, namespace }, merging)),
      )
    },
    replaceScale: async (place, resourceVersion, replicas, dryRun) => {
      const { path, namespace } = await pathOf(place)
      const metadata = { name: place.name, ...(namespace === null ? {} : { namespace }), resourceVersion }
      const body = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas } }
      const request = { ...path, body, fieldManager, ...(dryRun ? { dryRun: 'All' } : {}) }
      return namespace === null
        ? custom.replaceClusterCustomObjectScale(request)
        : custom.replaceNamespacedCustomObjectScale({ ...request, namespace })
    },
    resources: async (group, version) => {
      const { resources } = await custom.getAPIResources({ group, version })
      const scalable = new Set(
        resources.flatMap(({ name }) => (name.endsWith('/scale') ? name.split('/')[0] : [])),
      )
      return resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind, namespaced }) => ({
          kind,
          plural: name,
          namespaced,
          scalable: scalable.has(name),
        }))
    },
  }
}
