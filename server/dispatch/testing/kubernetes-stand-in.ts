import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { standInToken } from './sandbox-stand-in.ts'
import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from './stand-in.ts'

export type KubernetesObject = {
  uid: string
  generation: number
  resourceVersion: number
  replicas: number
  readyReplicas: number
}

export type KubernetesStandIn = StandIn & {
  /** `at`: `<namespace>/<deployments|statefulsets>/<name>` */
  add(at: string, replicas: number): KubernetesObject
  scaleByOther(at: string, replicas: number): void
  markReady(at: string, replicas: number): void
}

const scaleBody = z.object({
  kind: z.literal('Scale'),
  metadata: z.object({ resourceVersion: z.string().optional() }),
  spec: z.object({ replicas: z.number().int().optional() }),
})

/** A Status object as the API server sends it with every refusal. */
const failure = (status: number, reason: string, message: string): StandInAnswer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code: status },
})

/**
 * Stands in for a Kubernetes API server, as far as `scale` needs one, after the API conventions: a resourceVersion that
 * every write moves, a generation that only the spec moves, 409 on a stale one, `dryRun=All`. No admission, no
 * controllers, no RBAC beyond one token: the real API server is tested beside it where it is installed.
 */
export async function startKubernetesStandIn(): Promise<KubernetesStandIn> {
  const objects = new Map<string, KubernetesObject>()
  let revision = 100

  const get = (at: string): KubernetesObject => {
    const found = objects.get(at)
    if (found === undefined) throw new Error(`The stand-in has no ${at}.`)
    return found
  }
  const setReplicas = (object: KubernetesObject, replicas: number): void => {
    if (replicas === object.replicas) return
    object.replicas = replicas
    object.generation++
    object.resourceVersion = ++revision
  }
  const metadataOf = ({ uid, generation, resourceVersion }: KubernetesObject) => ({
    uid,
    generation,
    resourceVersion: String(resourceVersion),
  })

  function scale(object: KubernetesObject, { url, body }: StandInRequest): StandInAnswer {
    const { metadata, spec } = scaleBody.parse(body)
    const { resourceVersion } = metadata
    const replicas = spec.replicas ?? 0
    if (resourceVersion !== undefined && resourceVersion !== String(object.resourceVersion)) {
      return failure(
        409,
        'Conflict',
        'the object has been modified; please apply your changes to the latest version',
      )
    }
    if (replicas < 0) return failure(422, 'Invalid', 'spec.replicas: must be greater than or equal to 0')
    if (url.searchParams.get('dryRun') !== 'All') setReplicas(object, replicas)
    return {
      status: 200,
      body: {
        kind: 'Scale',
        apiVersion: 'autoscaling/v1',
        metadata: metadataOf(object),
        spec: { replicas },
        status: { replicas: object.readyReplicas },
      },
    }
  }

  const standIn = await startStandIn(
    ({ method, url }) => {
      if (method !== 'PUT') return method === 'GET' ? 'read' : 'other'
      return url.searchParams.get('dryRun') === 'All' ? 'dry-run' : 'write'
    },
    (request) => {
      const { url, method, headers } = request
      if (headers.authorization !== `Bearer ${standInToken}`)
        return failure(401, 'Unauthorized', 'Unauthorized')
      if (url.pathname.endsWith('/selfsubjectreviews')) {
        return {
          status: 201,
          body: { status: { userInfo: { username: 'system:serviceaccount:infra:sage' } } },
        }
      }
      const [, namespace, plural, name] = /namespaces\/([^/]+)\/([^/]+)\/([^/]+)/.exec(url.pathname) ?? []
      const object = objects.get(`${namespace}/${plural}/${name}`)
      if (object === undefined) return failure(404, 'NotFound', `${plural}.apps "${name}" not found`)
      if (method === 'PUT') return scale(object, request)
      const { replicas, readyReplicas, generation } = object
      return {
        status: 200,
        body: {
          kind: plural === 'deployments' ? 'Deployment' : 'StatefulSet',
          apiVersion: 'apps/v1',
          metadata: { name, namespace, ...metadataOf(object) },
          spec: { replicas },
          // An API server leaves zeros out.
          status: { observedGeneration: generation, ...(readyReplicas > 0 ? { readyReplicas } : {}) },
        },
      }
    },
  )
  return Object.assign(standIn, {
    add: (at: string, replicas: number) => {
      const object = {
        uid: randomUUID(),
        generation: 1,
        resourceVersion: ++revision,
        replicas,
        readyReplicas: replicas,
      }
      objects.set(at, object)
      return object
    },
    scaleByOther: (at: string, replicas: number) => setReplicas(get(at), replicas),
    markReady: (at: string, replicas: number) => {
      const object = get(at)
      object.readyReplicas = replicas
      object.resourceVersion = ++revision
    },
  })
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
