import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { privateHosts } from '../../../kernel/outbound-address.ts'
import type { KubernetesConfig } from '../../contract.ts'
import { describe } from '../failure.ts'
import { redacting } from '../storable.ts'
import { authenticationOf, clusterConnections, guardedLibrary } from './http.ts'
import { inClusterAccess } from './in-cluster.ts'
import { type ClusterAccess, readKubeconfig } from './kubeconfig.ts'
import { type Objects, objectsOf } from './objects.ts'

export type KubernetesClient = {
  objects: Objects
  server: string
  /** What is sent to be known by, in every form in which it is sent. */
  secrets(): string[]
  /** Name of the user that the API server takes us for. */
  whoAmI(): Promise<string>
  /** As the API server calls its own version, such as `v1.35.4`. */
  version(): Promise<string>
  /** Whether the API server would let us. */
  may(asked: Asked): Promise<boolean>
}

/** One verb on one resource, of one object or, without a name, of all; with a `/` it is a subresource. */
export type Asked = {
  verb: string
  group: string
  resource: string
  namespace: string | null
  name: string | null
}

/** Clients by digest of how they reach their cluster, so that sockets and TLS sessions are used again; the oldest goes first. */
const clients = new Map<string, Promise<KubernetesClient>>()
const maxClients = 32

/** @throws InvalidInputError if the kubeconfig is not acceptable, UnavailableError where there is no cluster around us */
export function clusterAccess(config: KubernetesConfig): ClusterAccess {
  return 'kubeconfig' in config ? readKubeconfig(config.kubeconfig) : inClusterAccess()
}

/**
 * A client for the current context of a kubeconfig, or for the cluster around us; every request ends within its time-out.
 * @throws as `clusterAccess`
 */
export async function kubernetesClient(
  config: KubernetesConfig,
  requestTimeoutMs: number,
): Promise<KubernetesClient> {
  // A kubeconfig is read only once; what a pod is given may be another certificate the next time.
  const way = 'kubeconfig' in config ? config.kubeconfig : JSON.stringify(inClusterAccess())
  const digest = createHash('sha256').update(`${requestTimeoutMs}\n${privateHosts()}\n${way}`).digest('hex')
  const known = clients.get(digest)
  if (known !== undefined) return known
  const client = createClient(config, requestTimeoutMs)
  client.catch(() => clients.delete(digest))
  clients.set(digest, client)
  const oldest = clients.keys().next().value
  if (clients.size > maxClients && oldest !== undefined) clients.delete(oldest)
  return client
}

/** A pod's own token is another after some time. */
function secretsOf({ user }: ClusterAccess): string[] {
  const { token, tokenFile, keyData, username, password } = user
  return [
    ...[token, keyData, password].filter((each) => each !== undefined),
    ...(keyData ? [Buffer.from(keyData, 'base64').toString('utf8')] : []),
    ...(username ? [Buffer.from(`${username}:${password ?? ''}`).toString('base64')] : []),
    ...(tokenFile ? [readFileSync(tokenFile, 'utf8').trim()] : []),
  ]
}

/** The vendor's client is loaded at first use, since it takes seconds that a process without a cluster need not spend. */
async function createClient(config: KubernetesConfig, requestTimeoutMs: number): Promise<KubernetesClient> {
  const access = clusterAccess(config)
  const k8s = await import('@kubernetes/client-node')
  const configuration = k8s.createConfiguration({
    baseServer: new k8s.ServerConfiguration(access.server.replace(/\/$/, ''), {}),
    authMethods: { default: authenticationOf(access) },
    httpApi: guardedLibrary(k8s, clusterConnections(access), {
      timeoutMs: requestTimeoutMs,
      redact: (text) => redacting(secretsOf(access))(text),
    }),
  })
  const authentication = new k8s.AuthenticationV1Api(configuration)
  const authorization = new k8s.AuthorizationV1Api(configuration)
  const version = new k8s.VersionApi(configuration)
  return {
    objects: objectsOf(k8s, new k8s.CustomObjectsApi(configuration), new k8s.ApisApi(configuration)),
    server: new URL(access.server).host,
    secrets: () => secretsOf(access),
    whoAmI: async () => {
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
      const review = await authentication.createSelfSubjectReview({ body })
      return review.status?.userInfo?.username ?? 'an unnamed user'
    },
    version: async () => (await version.getCode()).gitVersion,
    may: async ({ verb, group, resource: whole, namespace, name }) => {
      const [resource, subresource] = whole.split('/')
      const resourceAttributes = {
        ...{ verb, group, resource },
        ...(subresource === undefined ? {} : { subresource }),
        ...(namespace === null ? {} : { namespace }),
        ...(name === null ? {} : { name }),
      }
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      }
      const review = await authorization.createSelfSubjectAccessReview({ body })
      return review.status?.allowed === true
    },
  }
}

/** HTTP status of an answer that is not a success; null if there was no answer. */
export function statusOf(error: unknown): number | null {
  const parsed = z.object({ code: z.number().int() }).safeParse(error)
  return parsed.success ? parsed.data.code : null
}

const answered = z.object({ headers: z.record(z.string(), z.string()) })

/** The `Retry-After` header of an answer that is not a success; null if it has none. */
export function retryAfterOf(error: unknown): string | null {
  return answered.safeParse(error).data?.headers['retry-after'] ?? null
}

const statusBody = z.object({ message: z.string() })

/** The `message` of the API server's own Status object, which says best what was wrong. */
export function messageOf(error: unknown): string {
  const body = z.object({ body: z.unknown() }).safeParse(error).data?.body
  if (typeof body === 'string') {
    try {
      const parsed = statusBody.safeParse(JSON.parse(body))
      if (parsed.success) return parsed.data.message
    } catch {
      return body.slice(0, 300)
    }
  }
  const status = statusOf(error)
  return status === null ? describe(error) : `the API server answered ${status}`
}
