import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { type PlayAnswer, playBody, scaleBody, stopBody } from '../contract.ts'
import type { ScaleOutcome } from '../scaling.ts'
import type { StateFiles } from '../state-files.ts'
import type { World } from '../world.ts'
import { HttpRefusal } from './refusal.ts'

/** What a handler is given; `id` is the part of the path that the route leaves open. */
export type Call = { id: string; ifMatch: string | undefined; body: unknown }
export type Route = { method: string; path: RegExp; handle: (call: Call) => unknown }

const refusals = {
  fenced: { status: 409, code: 'fenced' },
  other_content: { status: 409, code: 'conflict' },
  version_moved: { status: 412, code: 'version_moved' },
  over_quota: { status: 422, code: 'over_quota' },
  senseless: { status: 422, code: 'senseless' },
} as const satisfies Record<Exclude<ScaleOutcome['kind'], 'accepted'>, { status: number; code: string }>

/** The API of the simulated cloud. What a call changed is on disk before it is answered. */
export function routesOf(world: World, files: StateFiles, nowMs: () => number): Route[] {
  const scale = ({ id, ifMatch, body }: Call) => {
    const command = parseInput(scaleBody, body, 'set-point')
    const version = ifMatch?.match(/^"?(\d+)"?$/)?.[1]
    if (ifMatch === undefined)
      throw new HttpRefusal(428, 'precondition_required', 'Send If-Match with the version that you saw.')
    if (version === undefined)
      throw new InvalidInputError(`If-Match is "${ifMatch}"; a version is a whole number in quotes.`)
    const outcome = world.scale(id, { ...command, ifVersion: version })
    files.writeState(world.state)
    if (outcome.kind === 'accepted') return outcome.answer
    const { status, code } = refusals[outcome.kind]
    throw new HttpRefusal(status, code, outcome.message)
  }

  const play = ({ body }: Call): PlayAnswer => {
    const trace = parseInput(playBody, body, 'trace')
    const service = world.serviceOf(trace.workload ?? trace.targetId ?? '')
    const stepMs = (trace.stepSeconds * 1000) / trace.speed
    const startedAt = nowMs() - trace.historySteps * stepMs
    world.play(service, { startedAt, stepMs, values: trace.steps.map((value) => value * trace.scale) })
    files.writePlays(world.plays)
    files.writeState(world.state)
    return {
      workload: service.name,
      from: new Date(startedAt).toISOString(),
      until: new Date(startedAt + trace.steps.length * stepMs).toISOString(),
      steps: trace.steps.length,
      secondsPerStep: stepMs / 1000,
    }
  }

  const stop = ({ body }: Call) => {
    const service = world.serviceOf(parseInput(stopBody, body, 'request').workload)
    world.stop(service)
    files.writePlays(world.plays)
    return { workload: service.name }
  }

  return [
    { method: 'GET', path: /^\/v1\/scene$/, handle: () => world.scene },
    {
      method: 'GET',
      path: /^\/v1\/targets$/,
      handle: () => world.services.flatMap(({ places }) => places.map(({ target }) => world.observe(target))),
    },
    { method: 'GET', path: /^\/v1\/targets\/([^/]+)$/, handle: ({ id }) => world.observe(id) },
    { method: 'GET', path: /^\/v1\/targets\/([^/]+)\/shadow$/, handle: ({ id }) => world.compare(id) },
    { method: 'PUT', path: /^\/v1\/targets\/([^/]+)\/scale$/, handle: scale },
    { method: 'POST', path: /^\/v1\/play$/, handle: play },
    { method: 'POST', path: /^\/v1\/stop$/, handle: stop },
  ]
}
