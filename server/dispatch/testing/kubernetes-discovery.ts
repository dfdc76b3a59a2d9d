import type { StandInAnswer } from './stand-in.ts'

type Kept = readonly (readonly [path: string, object: { body: Record<string, unknown> }])[]

const versionOf = (path: string): [group: string, version: string] => {
  const [group = '', version = ''] = path.split('/')
  return [group, version]
}

/** `/apis` of a stand-in: the groups of the objects that it has, and of autoscalers, which every cluster has. */
export function groupList(paths: readonly string[]): StandInAnswer {
  const pairs: [string, string][] = [['autoscaling', 'v2'], ['apps', 'v1'], ...paths.map(versionOf)]
  const groups = [...new Map(pairs)].map(([name, version]) => {
    const served = { groupVersion: `${name}/${version}`, version }
    return { name, versions: [served], preferredVersion: served }
  })
  return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups } }
}

/** `/apis/<group>/<version>`: a resource per plural that it has an object of; what has replicas has a scale. */
export function resourceList(groupVersion: string, objects: Kept): StandInAnswer {
  const found = new Map<string, { kind: string; namespaced: boolean; scalable: boolean }>()
  for (const [path, { body }] of objects) {
    if (!path.startsWith(`${groupVersion}/`)) continue
    const spec = body.spec
    found.set(path.split('/').at(-2) ?? '', {
      kind: String(body.kind),
      namespaced: path.includes('/namespaces/'),
      scalable: typeof spec === 'object' && spec !== null && 'replicas' in spec,
    })
  }
  const resources = [...found].flatMap(([name, { kind, namespaced, scalable }]) => {
    const resource = { name, kind, namespaced, singularName: '', verbs: ['get', 'list', 'patch'] }
    return scalable ? [resource, { ...resource, name: `${name}/scale`, kind: 'Scale' }] : [resource]
  })
  return { status: 200, body: { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources } }
}
