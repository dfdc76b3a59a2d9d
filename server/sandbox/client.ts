import { z } from 'zod'
import { InvalidInputError, UnavailableError } from '../kernel/errors.ts'
import {
  type PlayAnswer,
  type PlayBody,
  playAnswer,
  preparedScene,
  refusalBody,
  type Scene,
  type SceneList,
  sceneList,
} from './contract.ts'

const timeoutMs = 30_000

/** Plays and stops traces and scenes in a sandbox that runs. */
export type SandboxClient = {
  play(body: PlayBody): Promise<PlayAnswer>
  stop(workload: string): Promise<void>
  scenes(): Promise<SceneList>
  /** Opens a run of a scene: its targets answer, and nothing is sent yet. Returns it with the names of that run. */
  prepare(scene: string, run: number): Promise<Scene>
  /** Lets a prepared run send its past and its present. */
  run(scene: string, run: number): Promise<void>
  stopScene(scene: string, run: number): Promise<void>
}

/** @throws InvalidInputError in the sandbox's own words, UnavailableError when it does not answer */
export function sandboxClient(access: { url: string; token: string }): SandboxClient {
  async function call(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, access.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
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
  const scenePath = (scene: string, verb: string) => `/v1/scenes/${encodeURIComponent(scene)}/${verb}`
  return {
    scenes: async () => sceneList.parse(await call('/v1/scenes')),
    prepare: async (scene, run) =>
      preparedScene.parse(await call(scenePath(scene, 'prepare'), { run })).scene,
    run: async (scene, run) => {
      sceneList.parse(await call(scenePath(scene, 'run'), { run }))
    },
    stopScene: async (scene, run) => {
      sceneList.parse(await call(scenePath(scene, 'stop'), { run }))
    },
    play: async (body) => playAnswer.parse(await call('/v1/play', body)),
    stop: async (workload) => {
      z.object({ workload: z.string() }).parse(await call('/v1/stop', { workload }))
    },
  }
}
