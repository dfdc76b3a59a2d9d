import { z } from 'zod'
import { type GuardedClient, guardedClient } from '../../kernel/guarded-client.ts'
import { privateHostsOrSandbox } from '../../kernel/outbound-address.ts'
import { controls, unitOf } from '../../plan/contract.ts'
import {
  type ApplyOutcome,
  nobodyElses,
  type Observation,
  type SandboxRef,
  type SetPoint,
  sandboxConfig,
  sandboxRef,
  type TargetAdapter,
} from '../contract.ts'
import { defineAdapter } from './definition.ts'
import { describe, type Failure, failureOfNetwork, failureOfStatus, observeError } from './failure.ts'
import { askWithin } from './look-bounds.ts'
import { redacting } from './storable.ts'

/** A target as the simulated cloud's own API shows it; `version` rises by one with every effective change of `desiredReplicas`. */
const targetState = z.object({
  id: z.string(),
  desiredReplicas: z.number().int(),
  readyReplicas: z.number().int(),
  inFlightReplicas: z.number().int(),
  version: z.string().min(1),
  effects: z.number().int(),
})

type Config = z.infer<typeof sandboxConfig> & { requestTimeoutMs: number }

/** Connections by what may be called through them, so that sockets are used again. */
const clients = new Map<string, GuardedClient>()

function clientFor(url: string): GuardedClient {
  const listed = privateHostsOrSandbox(url)
  const key = listed.join()
  const client = clients.get(key) ?? guardedClient({ listed })
  clients.set(key, client)
  return client
}

type Answer = { status: number; ok: boolean; retryAfter: string | undefined; body: unknown; text: string }
type Request = { method?: 'GET' | 'PUT'; headers?: Record<string, string>; body?: string }

async function request(config: Config, path: string, init: Request = {}): Promise<Answer> {
  const { status, headers, body } = await askWithin(clientFor(config.url).send, {
    url: new URL(path, config.url).href,
    method: init.method ?? 'GET',
    body: init.body,
    headers: {
      authorization: `Bearer ${config.token}`,
      'content-type': 'application/json',
      ...init.headers,
    },
    timeoutMs: config.requestTimeoutMs,
  })
  const ok = status >= 200 && status < 300
  const said = body.toString('utf8')
  const text = ok ? said : redacting([config.token])(said)
  return { status, ok, retryAfter: headers['retry-after'], body: safeJson(text), text }
}

function messageOf({ body, text, status }: Answer): string {
  const parsed = z.object({ message: z.string() }).safeParse(body)
  return parsed.success ? parsed.data.message : text.slice(0, 300) || `status ${status}`
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function observationOf(body: unknown): Observation {
  const { desiredReplicas, readyReplicas, version, inFlightReplicas, effects } = targetState.parse(body)
  return {
    desiredReplicas,
    readyReplicas,
    awaits: null,
    version,
    lock: version,
    ownership: nobodyElses,
    raw: { desiredReplicas, readyReplicas, inFlightReplicas, version, effects },
  }
}

/** One number for every control; that a job ends for good is the one thing that a number does not say. */
function bodyOf({ replicas, final, dispatchId, fencingToken }: SetPoint, dryRun: boolean) {
  return {
    ...{ replicas, dispatchId, fencingToken },
    ...(final ? { final } : {}),
    ...(dryRun ? { dryRun } : {}),
  }
}

function sandboxTarget(config: Config, { target }: SandboxRef): TargetAdapter {
  const path = `/v1/targets/${encodeURIComponent(target)}`

  async function scale(lock: string, setPoint: SetPoint, dryRun: boolean): Promise<ApplyOutcome | Failure> {
    try {
      const answer = await request(config, `${path}/scale`, {
        method: 'PUT',
        headers: { 'if-match': `"${lock}"` },
        body: JSON.stringify(bodyOf(setPoint, dryRun)),
      })
      if (!answer.ok) return failureOfStatus(answer.status, messageOf(answer), answer.retryAfter)
      const observation = observationOf(answer.body)
      return { kind: 'applied', observation, raw: { status: answer.status, ...observation.raw } }
    } catch (error) {
      return failureOfNetwork(error)
    }
  }

  return {
    kind: 'sandbox',
    controls,
    unit: (control) => unitOf[control],
    observe: async () => {
      let answer: Answer
      try {
        answer = await request(config, path)
        if (answer.ok) return observationOf(answer.body)
      } catch (error) {
        throw observeError(null, target, describe(error))
      }
      throw observeError(answer.status, target, messageOf(answer), answer.retryAfter)
    },
    dryRun: async (lock, setPoint) => {
      const outcome = await scale(lock, setPoint, true)
      return outcome.kind === 'applied' ? { kind: 'accepted', raw: outcome.raw } : outcome
    },
    apply: (lock, setPoint) => scale(lock, setPoint, false),
  }
}

async function check(settings: z.infer<typeof sandboxConfig>, requestTimeoutMs: number): Promise<string> {
  const config = { ...settings, requestTimeoutMs }
  let answer: Answer
  try {
    answer = await request(config, '/v1/targets')
  } catch (error) {
    throw observeError(null, config.url, describe(error))
  }
  if (answer.ok) return `sandbox at ${new URL(config.url).host}`
  throw observeError(answer.status, config.url, messageOf(answer))
}

/** The simulated cloud that runs beside the product, through its HTTP API. */
export const sandbox = defineAdapter({
  kind: 'sandbox',
  config: sandboxConfig,
  ref: sandboxRef,
  secrets: async ({ token }) => [token],
  check,
  examine: async (settings, _refs, requestTimeoutMs) => {
    const began = performance.now()
    const knownAs = await check(settings, requestTimeoutMs)
    return {
      ...{ knownAs, server: new URL(settings.url).host, version: null, expiresAt: null },
      ...{ latencyMs: Math.round(performance.now() - began), kinds: [], missing: [] },
    }
  },
  rights: () => null,
  open: async (config, ref, requestTimeoutMs) => sandboxTarget({ ...config, requestTimeoutMs }, ref),
  label: (ref) => ref.target,
})
