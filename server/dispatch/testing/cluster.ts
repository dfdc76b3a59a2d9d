import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isRecord } from '../adapters/kubernetes/object.ts'
import { crds } from './crds.ts'
import type { KubeApiServer } from './kube-apiserver.ts'
import type { KubernetesStandIn } from './kubernetes-stand-in.ts'

type Json = Record<string, unknown>

/**
 * A cluster in the hands of its admin: what targets are tried in. Paths as under `/apis`:
 * `<group>/<version>/[namespaces/<namespace>/]<plural>/<name>`.
 */
export type Cluster = {
  create(path: string, body: Json): Promise<void>
  /** A merge patch of the object, or of its status, under a name of one's own. */
  change(path: string, patch: Json, manager?: string): Promise<void>
  setStatus(path: string, status: Json): Promise<void>
  read(path: string): Promise<Json>
  /** How often what the object is asked for was written; with `manager`, by that one alone. */
  writes(path: string, manager?: string): Promise<number>
}

export const standInCluster = (standIn: KubernetesStandIn): Cluster => ({
  create: async (path, body) => {
    standIn.put(path, body)
  },
  change: async (path, patch, manager) => standIn.change(path, patch, manager),
  setStatus: async (path, status) => standIn.change(path, { status }),
  read: async (path) => standIn.object(path).json,
  writes: async (path) => standIn.object(path).writes,
})

type Definition = {
  spec: { group: string; names: { plural: string }; versions: readonly { name: string }[] }
}

/** The same, where others may also apply a manifest from the server's side, as `kubectl apply --server-side --force-conflicts` does. */
export type RealCluster = Cluster & { applyAs(manager: string, path: string, manifest: Json): Promise<void> }

/** The real API server, with the custom kinds in it, and `more` of them. */
export async function realCluster(
  { adminKubeconfig, auditLog }: KubeApiServer,
  more: readonly Definition[] = [],
): Promise<RealCluster> {
  const k8s = await import('@kubernetes/client-node')
  const config = new k8s.KubeConfig()
  config.loadFromString(adminKubeconfig)
  const server = config.getCurrentCluster()?.server ?? ''
  const { Agent, fetch } = await import('undici')
  const ca = Buffer.from(config.getCurrentCluster()?.caData ?? '', 'base64')
  const dispatcher = new Agent({ connect: { ca } })
  const token = config.getCurrentUser()?.token

  async function ask(
    method: string,
    path: string,
    body?: Json,
    type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  ): Promise<Json> {
    const answer = await fetch(`${server}/apis/${path}`, {
      ...{ method, dispatcher, headers: { authorization: `Bearer ${token}`, 'content-type': type } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said: unknown = await answer.json()
    if (!answer.ok || !isRecord(said))
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`)
    return said
  }

  const definitions: readonly Definition[] = [...crds, ...more]
  for (const crd of definitions) await ask('POST', 'apiextensions.k8s.io/v1/customresourcedefinitions', crd)
  for (const { spec } of definitions) {
    const path = `${spec.group}/${spec.versions[0]?.name}/${spec.names.plural}`
    // Served a moment after they are made.
    for (let tries = 0; ; tries++) {
      const served = await ask('GET', path).catch(() => null)
      if (served !== null) break
      if (tries > 100) throw new Error(`${path} is not served.`)
      await delay(50)
    }
  }

  return {
    create: async (path, { status, ...body }) => {
      await ask('POST', path.slice(0, path.lastIndexOf('/')), body)
      if (isRecord(status)) await ask('PATCH', `${path}/status`, { status })
    },
    change: async (path, patch, manager = 'somebody-else') => {
      await ask('PATCH', `${path}?fieldManager=${manager}`, patch)
    },
    setStatus: async (path, status) => {
      await ask('PATCH', `${path}/status`, { status })
    },
    applyAs: async (manager, path, manifest) => {
      await ask(
        'PATCH',
        `${path}?fieldManager=${manager}&force=true`,
        manifest,
        'application/apply-patch+yaml',
      )
    },
    read: (path) => ask('GET', path),
    writes: async (path, manager) => writesIn(readFileSync(auditLog, 'utf8'), path, manager),
  }
}

/** Writes that the API server's own audit log says were taken: of the object or its scale, not of its status, none of them dry. */
function writesIn(log: string, path: string, manager?: string): number {
  // Whichever version of its group it was written by.
  const [group, , ...rest] = path.split('/')
  const name = rest.join('/')
  const lines = log.split('\n').filter((line) => line.includes(`/apis/${group}/`) && line.includes(name))
  return lines.filter((line) => {
    const { verb, requestURI, responseStatus } = JSON.parse(line)
    const [at = '', query = ''] = String(requestURI).split('?')
    const own = at.endsWith(`/${name}`) || at.endsWith(`/${name}/scale`)
    if (manager !== undefined && !query.includes(`fieldManager=${manager}`)) return false
    return (
      own && ['update', 'patch'].includes(verb) && !query.includes('dryRun') && responseStatus?.code === 200
    )
  }).length
}
