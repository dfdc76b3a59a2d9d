import { z } from 'zod'
import { controls } from '../../plan/contract.ts'
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

function request(config: Config, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, config.url), {
    ...init,
    headers: {
      authorization: `Bearer ${config.token}`,
      'content-type': 'application/json',
      ...init.headers,
    },
    redirect: 'error',
    signal: AbortSignal.timeout(config.requestTimeoutMs),
  })
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text()
  const parsed = z.object({ message: z.string() }).safeParse(safeJson(text))
  return parsed.success ? parsed.data.message : text.slice(0, 300) || `status ${response.status}`
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
      const response = await request(config, `${path}/scale`, {
        method: 'PUT',
        headers: { 'if-match': `"${lock}"` },
        body: JSON.stringify(bodyOf(setPoint, dryRun)),
      })
      if (!response.ok)
        return failureOfStatus(
          response.status,
          await messageOf(response),
          response.headers.get('retry-after'),
        )
      const observation = observationOf(await response.json())
      return { kind: 'applied', observation, raw: { status: response.status, ...observation.raw } }
    } catch (error) {
      return failureOfNetwork(error)
    }
  }

  return {
    kind: 'sandbox',
    controls,
    observe: async () => {
      let response: Response
      try {
        response = await request(config, path)
        if (response.ok) return observationOf(await response.json())
      } catch (error) {
        throw observeError(null, target, describe(error))
      }
      const retryAfter = response.headers.get('retry-after')
      throw observeError(response.status, target, await messageOf(response).catch(describe), retryAfter)
    },
    dryRun: async (lock, setPoint) => {
      const outcome = await scale(lock, setPoint, true)
      return outcome.kind === 'applied' ? { kind: 'accepted', raw: outcome.raw } : outcome
    },
    apply: (lock, setPoint) => scale(lock, setPoint, false),
  }
}

/** The simulated cloud that runs beside the product, through its HTTP API. */
export const sandbox = defineAdapter({
  kind: 'sandbox',
  config: sandboxConfig,
  ref: sandboxRef,
  check: async (settings, requestTimeoutMs) => {
    const config = { ...settings, requestTimeoutMs }
    let response: Response
    try {
      response = await request(config, '/v1/targets')
    } catch (error) {
      throw observeError(null, config.url, describe(error))
    }
    if (response.ok) return `sandbox at ${new URL(config.url).host}`
    throw observeError(response.status, config.url, await messageOf(response).catch(describe))
  },
  open: async (config, ref, requestTimeoutMs) => sandboxTarget({ ...config, requestTimeoutMs }, ref),
  label: (ref) => ref.target,
})
