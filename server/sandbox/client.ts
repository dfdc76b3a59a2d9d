import { z } from 'zod'
import { InvalidInputError, UnavailableError } from '../kernel/errors.ts'
import { type PlayAnswer, type PlayBody, playAnswer, refusalBody } from './contract.ts'

const timeoutMs = 30_000

/** Plays and stops traces in a sandbox that runs. */
export type SandboxClient = {
  play(body: PlayBody): Promise<PlayAnswer>
  stop(workload: string): Promise<void>
}

/** @throws InvalidInputError in the sandbox's own words, UnavailableError when it does not answer */
export function sandboxClient(access: { url: string; token: string }): SandboxClient {
  async function post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, access.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      throw new UnavailableError(
        `The sandbox does not answer at ${access.url} (${why}). Is InfraSage running?`,
      )
    })
    const answer: unknown = await response.json().catch(() => null)
    if (response.ok) return answer
    const message = refusalBody.safeParse(answer).data?.message ?? `The sandbox answered ${response.status}.`
    throw response.status < 500 ? new InvalidInputError(message) : new UnavailableError(message)
  }
  return {
    play: async (body) => playAnswer.parse(await post('/v1/play', body)),
    stop: async (workload) => {
      z.object({ workload: z.string() }).parse(await post('/v1/stop', { workload }))
    },
  }
}
