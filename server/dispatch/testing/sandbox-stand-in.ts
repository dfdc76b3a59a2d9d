import { z } from 'zod'
import { type StandIn, type StandInAnswer, type StandInRequest, startStandIn } from './stand-in.ts'

export const standInToken = 'a-token-of-the-stand-in'

export type SandboxTarget = {
  id: string
  desiredReplicas: number
  readyReplicas: number
  version: number
  effects: number
  quota: number
  /** Set-points that were taken, in order, with the dispatch that sent them. */
  taken: { dispatchId: string; replicas: number }[]
}

export type SandboxStandIn = StandIn & {
  add(id: string, replicas: number, quota?: number): SandboxTarget
  target(id: string): SandboxTarget
  /** A change that does not come from us. */
  scaleByOther(id: string, replicas: number): void
}

const scaleBody = z.object({
  replicas: z.number().int().min(0),
  dispatchId: z.string(),
  fencingToken: z.number().int(),
  dryRun: z.literal(true).optional(),
})

const refuse = (status: number, message: string): StandInAnswer => ({ status, body: { message } })

/**
 * Stands in for the simulated cloud: the same protocol, a handful of targets, and faults on demand. Unlike the cloud it
 * does not recognise a dispatch that it has seen, because that there is one effect must not lean on it.
 */
export async function startSandboxStandIn(): Promise<SandboxStandIn> {
  const targets = new Map<string, SandboxTarget>()

  const target = (id: string): SandboxTarget => {
    const found = targets.get(id)
    if (found === undefined) throw new Error(`The stand-in has no target ${id}.`)
    return found
  }
  const show = ({ taken: _, quota: __, version, ...rest }: SandboxTarget): StandInAnswer => ({
    status: 200,
    body: {
      ...rest,
      version: String(version),
      inFlightReplicas: Math.max(0, rest.desiredReplicas - rest.readyReplicas),
    },
  })

  function scale(found: SandboxTarget, request: StandInRequest): StandInAnswer {
    const { replicas, dispatchId, dryRun } = scaleBody.parse(request.body)
    if (request.headers['if-match'] !== `"${found.version}"`) return refuse(412, 'the version moved on')
    if (replicas > found.quota) return refuse(422, `quota of ${found.quota} replicas`)
    if (dryRun) return show({ ...found, desiredReplicas: replicas })
    found.taken.push({ dispatchId, replicas })
    found.effects++
    if (replicas !== found.desiredReplicas) found.version++
    found.desiredReplicas = replicas
    return show(found)
  }

  const standIn = await startStandIn(
    ({ method, body }) => {
      if (method !== 'PUT') return 'read'
      return scaleBody.safeParse(body).data?.dryRun ? 'dry-run' : 'write'
    },
    (request) => {
      if (request.headers.authorization !== `Bearer ${standInToken}`)
        return refuse(401, 'the token is not known')
      const [, , list, id] = request.url.pathname.split('/')
      if (list === 'targets' && id === undefined) return { status: 200, body: [...targets.keys()] }
      const found = targets.get(decodeURIComponent(id ?? ''))
      if (found === undefined) return refuse(404, 'there is no such target')
      return request.method === 'PUT' ? scale(found, request) : show(found)
    },
  )
  return Object.assign(standIn, {
    add: (id: string, replicas: number, quota = 1_000) => {
      const fresh: SandboxTarget = {
        id,
        desiredReplicas: replicas,
        readyReplicas: replicas,
        version: 1,
        effects: 0,
        quota,
        taken: [],
      }
      targets.set(id, fresh)
      return fresh
    },
    target,
    scaleByOther: (id: string, replicas: number) => {
      const found = target(id)
      found.desiredReplicas = replicas
      found.version++
    },
  })
}
