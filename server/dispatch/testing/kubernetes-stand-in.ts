import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { at, isRecord } from '../adapters/kubernetes/object.ts'
import { groupList, resourceList } from './kubernetes-discovery.ts'
import { standInToken } from './sandbox-stand-in.ts'
import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from './stand-in.ts'

type Json = Record<string, unknown>

/** An object as the stand-in keeps it; replicas are read through. */
export class KubernetesObject {
  readonly metadata: Json & { uid: string; generation?: number; resourceVersion: string }
  body: Json
  /** How often its spec was written. */
  writes = 0
  constructor(body: Json, revision: number) {
    const given = isRecord(body.metadata) ? body.metadata : {}
    // As the API server: autoscalers have no generation.
    const generation = body.kind === 'HorizontalPodAutoscaler' ? {} : { generation: 1 }
    this.metadata = { ...given, uid: randomUUID(), ...generation, resourceVersion: String(revision) }
    this.body = body
  }
  get uid(): string {
    return this.metadata.uid
  }
  get generation(): number {
    return this.metadata.generation ?? 0
  }
  get replicas(): number {
    return Number(at(this.body, ['spec', 'replicas']) ?? 1)
  }
  get json(): Json {
    return { ...this.body, metadata: this.metadata }
  }
}

export type KubernetesStandIn = StandIn & {
  /** `at`: `<namespace>/<deployments|statefulsets>/<name>` */
  add(at: string, replicas: number): KubernetesObject
  scaleByOther(at: string, replicas: number): void
  markReady(at: string, replicas: number): void
  /** Any object, by its path under `/apis`: `<group>/<version>/[namespaces/<namespace>/]<plural>/<name>`. */
  put(path: string, body: Json): KubernetesObject
  /** A merge patch by somebody else; of the status it moves the lock and nothing else. */
  change(path: string, patch: Json, manager?: string): void
  object(path: string): KubernetesObject
}

/** A Status object as the API server sends it with every refusal. */
const failure = (status: number, reason: string, message: string): StandInAnswer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status },
})
const stale = () =>
  failure(409, 'Conflict', 'the object has been modified; please apply your changes to the latest version')

/**
 * Stands in for a Kubernetes API server, as far as targets need one, after the API conventions: a resourceVersion that every
 * write moves, a generation that only the spec moves, merge patches and scales with a precondition, 409 on a stale one, `dryRun=All`,
 * managed fields, discovery. No admission, no controllers, no RBAC beyond one token: the real API server is tested beside it
 * where it is installed.
 */
export async function startKubernetesStandIn(): Promise<KubernetesStandIn> {
  const objects = new Map<string, KubernetesObject>()
  let revision = 100

  const get = (path: string): KubernetesObject => {
    const found = objects.get(path)
    if (found === undefined) throw new Error(`The stand-in has no ${path}.`)
    return found
  }

  /** The object as it is after a patch; nothing is kept. */
  function patched(object: KubernetesObject, patch: Json, manager: string): KubernetesObject {
    const { metadata: wanted, ...rest } = patch
    const { resourceVersion: _, ...metadata } = isRecord(wanted) ? wanted : {}
    const before = object.json
    const after = merged(before, { ...rest, metadata })
    if (isDeepStrictEqual(before, after)) return object
    const next = new KubernetesObject(after, ++revision)
    const moved = !isDeepStrictEqual(before.spec, after.spec)
    const { generation } = object.metadata
    const fields = 'spec' in rest ? { managedFields: managedBy(object, manager, rest, revision) } : {}
    Object.assign(next.metadata, isRecord(after.metadata) ? after.metadata : {}, {
      resourceVersion: String(revision),
      ...(generation === undefined ? {} : { generation: generation + Number(moved) }),
      ...fields,
    })
    return next
  }

  function keep(path: string, next: KubernetesObject): void {
    const kept = get(path)
    if (!isDeepStrictEqual(kept.body.spec, next.body.spec)) kept.writes++
    kept.body = next.body
    Object.assign(kept.metadata, next.metadata)
  }

  function write(path: string, patch: Json, lock: unknown, { url }: StandInRequest): KubernetesObject | null {
    const object = get(path)
    if (lock !== undefined && lock !== object.metadata.resourceVersion) return null
    const next = patched(object, patch, url.searchParams.get('fieldManager') ?? 'unknown')
    if (url.searchParams.get('dryRun') !== 'All') keep(path, next)
    return next
  }

  function scale(path: string, request: StandInRequest): StandInAnswer {
    const replicas = Number(at(request.body, ['spec', 'replicas']) ?? 0)
    if (replicas < 0) return failure(422, 'Invalid', 'spec.replicas: must be greater than or equal to 0')
    const lock = at(request.body, ['metadata', 'resourceVersion'])
    const after = write(path, { spec: { replicas } }, lock, request)
    if (after === null) return stale()
    const { uid, resourceVersion } = after.metadata
    const metadata = { uid, resourceVersion }
    return {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata,
        spec: { replicas },
        status: { replicas },
      },
    }
  }

  function patch(path: string, request: StandInRequest): StandInAnswer {
    if (!request.headers['content-type']?.includes('merge-patch'))
      return failure(415, 'UnsupportedMediaType', 'the stand-in merges')
    const body = isRecord(request.body) ? request.body : {}
    const after = write(path, body, at(body, ['metadata', 'resourceVersion']), request)
    return after === null ? stale() : { status: 200, body: after.json }
  }

  function list(prefix: string, { url }: StandInRequest): StandInAnswer {
    const wanted = (url.searchParams.get('labelSelector') ?? '').split(',').filter(Boolean)
    // Of all namespaces: the path names none.
    const [, group = '', plural = ''] = /^(.+\/.+?)\/([^/]+)$/.exec(prefix) ?? []
    const items = [...objects]
      .filter(
        ([path]) =>
          path.startsWith(`${prefix}/`) ||
          (!prefix.includes('/namespaces/') &&
            path.startsWith(`${group}/namespaces/`) &&
            path.split('/').at(-2) === plural),
      )
      .map(([, object]) => object.json)
      .filter((each) =>
        wanted.every((pair) => {
          const [key = '', value] = pair.split('=')
          return at(each, ['metadata', 'labels', key]) === value
        }),
      )
    const first = Number(url.searchParams.get('continue') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 500)
    const next = first + limit < items.length ? { continue: String(first + limit) } : {}
    return { status: 200, body: { kind: 'List', metadata: next, items: items.slice(first, first + limit) } }
  }

  const standIn = await startStandIn(
    ({ method, url }) => {
      if (method !== 'PUT' && method !== 'PATCH') return method === 'GET' ? 'read' : 'other'
      return url.searchParams.get('dryRun') === 'All' ? 'dry-run' : 'write'
    },
    (request) => {
      const { url, method, headers } = request
      if (headers.authorization !== `Bearer ${standInToken}`)
        return failure(401, 'Unauthorized', 'Unauthorized')
      if (url.pathname.endsWith('/selfsubjectreviews')) {
        const userInfo = { username: 'system:serviceaccount:infra:sage' }
        return { status: 201, body: { status: { userInfo } } }
      }
      const path = decodeURIComponent(url.pathname).replace(/^\/apis\/?/, '')
      if (path === '') return groupList([...objects.keys()])
      if (path.split('/').length === 2) return resourceList(path, [...objects])
      const own = path.replace(/\/scale$/, '')
      if (objects.has(own)) {
        if (method === 'PUT') return scale(own, request)
        return method === 'PATCH' ? patch(own, request) : { status: 200, body: get(own).json }
      }
      const depth = path.split('/').length - (path.includes('/namespaces/') ? 2 : 0)
      if (method === 'GET' && depth === 3) return list(path, request)
      return failure(404, 'NotFound', `${path} not found`)
    },
  )

  const apps = (name: string) => {
    const [namespace, plural, object] = name.split('/')
    return `apps/v1/namespaces/${namespace}/${plural}/${object}`
  }
  const change = (path: string, body: Json, manager = 'somebody-else') =>
    keep(path, patched(get(path), body, manager))
  const put = (path: string, body: Json) => {
    const object = new KubernetesObject(body, ++revision)
    objects.set(path, object)
    return object
  }
  return Object.assign(standIn, {
    put,
    change,
    object: get,
    add: (name: string, replicas: number) => {
      const [namespace, plural, object] = name.split('/')
      return put(apps(name), {
        apiVersion: 'apps/v1',
        kind: plural === 'deployments' ? 'Deployment' : 'StatefulSet',
        metadata: { name: object, namespace },
        spec: { replicas },
        status: statusOf(replicas, 1),
      })
    },
    scaleByOther: (name: string, replicas: number) => change(apps(name), { spec: { replicas } }),
    markReady: (name: string, replicas: number) =>
      change(apps(name), { status: statusOf(replicas, get(apps(name)).generation) }),
  })
}

/** As a controller leaves it that has seen that generation; the API server leaves zeros out. */
const statusOf = (replicas: number, observedGeneration: number): Json => ({
  readyReplicas: replicas > 0 ? replicas : null,
  observedGeneration,
})

/** RFC 7396. */
function merged(target: unknown, patch: Json): Json {
  const result: Json = isRecord(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = isRecord(value) ? merged(result[key], value) : value
  }
  return result
}

/** The fields of a patch are its manager's now, and nobody else's. */
function managedBy(object: KubernetesObject, manager: string, patch: Json, revision: number): Json[] {
  const before = Array.isArray(object.metadata.managedFields) ? object.metadata.managedFields : []
  const fieldsV1 = fieldsOf({ spec: patch.spec })
  const others = before.filter((each) => at(each, ['manager']) !== manager)
  const kept = others.map((each) => ({ ...each, fieldsV1: without(each.fieldsV1, fieldsV1) }))
  return [...kept, { manager, operation: 'Update', time: `revision ${revision}`, fieldsV1 }]
}

function fieldsOf(value: unknown): Json {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [`f:${key}`, fieldsOf(each)]))
}

function without(fields: unknown, taken: Json): Json {
  if (!isRecord(fields)) return {}
  const left = Object.entries(fields).flatMap(([key, each]): [string, unknown][] => {
    const inner = taken[key]
    if (!isRecord(inner)) return [[key, each]]
    const rest = without(each, inner)
    return Object.keys(inner).length === 0 || Object.keys(rest).length === 0 ? [] : [[key, rest]]
  })
  return Object.fromEntries(left)
}

/** A kubeconfig for a server; what a cluster's admin would paste. */
export function kubeconfigFor(server: string, token = standInToken, caData?: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'c', cluster: { server, ...(caData ? { 'certificate-authority-data': caData } : {}) } },
    ],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
  })
}
