import { z } from 'zod'
import { readSandboxAccess } from '../../server/runtime/index.ts'
import { type PlayBody, playAnswer } from '../../server/sandbox/contract.ts'
import type { SteadyWorkload } from '../scene.ts'
import { product } from './product.ts'

const reading = z.object({
  demand: z.number(),
  readyReplicas: z.number(),
  latencyP99Ms: z.number(),
})
const comparison = z.object({ at: z.string(), actual: reading, undisturbed: reading })
export type Comparison = z.infer<typeof comparison>

const target = z.object({
  desiredReplicas: z.number(),
  readyReplicas: z.number(),
  effects: z.number(),
})
export type SandboxTarget = z.infer<typeof target>

async function call(path: string, body?: unknown): Promise<unknown> {
  const access = readSandboxAccess(product().dataDir)
  if (!access) throw new Error('The sandbox of the product was never started.')
  const response = await fetch(new URL(path, access.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}

/** A target as the simulated cloud itself sees it; `effects` counts the changes that reached it. */
export const sandboxTarget = async (id: string): Promise<SandboxTarget> =>
  target.parse(await call(`/v1/targets/${id}`))

/** The target beside the run in which nothing was dispatched, at one moment. */
export const shadowOf = async (id: string): Promise<Comparison> =>
  comparison.parse(await call(`/v1/targets/${id}/shadow`))

const historySteps = 150
const upFor = 20
const rest = 120

/**
 * Plays a steady workload's demand: two hours and a half that have happened already, with a climb in the last twenty
 * minutes far above the capacity, where it stays. The first forecast made of it proposes a full step up.
 */
export async function playSurge(workload: SteadyWorkload): Promise<void> {
  const steps = Array.from({ length: historySteps + rest }, (_, i) => {
    const climb = Math.min(1, Math.max(0, (i - (historySteps - upFor)) / upFor))
    return 4 + 0.4 * Math.sin(i * 1.7) + 10 * climb
  })
  const body: PlayBody = { workload, steps, stepSeconds: 60, historySteps }
  playAnswer.parse(await call('/v1/play', body))
}
