import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { type PlayAnswer, playBody, scaleBody, sceneRunBody, stopBody } from '../contract.ts'
import type { ScaleOutcome } from '../scaling.ts'
import type { Stage } from '../stage.ts'
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
export function routesOf(stage: Stage, nowMs: () => number): Route[] {
  const scale = ({ id, ifMatch, body }: Call) => {
    const command = parseInput(scaleBody, body, 'set-point')
    const version = ifMatch?.match(/^"?(\d+)"?$/)?.[1]
    if (ifMatch === undefined)
      throw new HttpRefusal(428, 'precondition_required', 'Send If-Match with the version that you saw.')
    if (version === undefined)
      throw new InvalidInputError(`If-Match is "${ifMatch}"; a version is a whole number in quotes.`)
    const { world, files } = stage.cloudOf(id)
    const outcome = world.scale(id, { ...command, ifVersion: version })
    files.writeState(world.state)
    if (outcome.kind === 'accepted') return outcome.answer
    const { status, code } = refusals[outcome.kind]
    throw new HttpRefusal(status, code, outcome.message)
  }

  const play = ({ body }: Call): PlayAnswer => {
    const trace = parseInput(playBody, body, 'trace')
    const name = trace.workload ?? trace.targetId ?? ''
    const { world, files } = stage.cloudOf(name)
    const service = world.serviceOf(name)
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
    const { workload } = parseInput(stopBody, body, 'request')
    const { world, files } = stage.cloudOf(workload)
    const service = world.serviceOf(workload)
    world.stop(service)
    files.writePlays(world.plays)
    return { workload: service.name }
  }

  const runOf = ({ body }: Call) => parseInput(sceneRunBody, body, 'request').run
  const targets = () =>
    stage
      .clouds()
      .flatMap(({ world }) =>
        world.services.flatMap(({ places }) => places.map(({ target }) => world.observe(target))),
      )

  return [
    { method: 'GET', path: /^\/v1\/scene$/, handle: () => stage.base.world.scene },
    { method: 'GET', path: /^\/v1\/targets$/, handle: targets },
    {
      method: 'GET',
      path: /^\/v1\/targets\/([^/]+)$/,
      handle: ({ id }) => stage.cloudOf(id).world.observe(id),
    },
    {
      method: 'GET',
      path: /^\/v1\/targets\/([^/]+)\/shadow$/,
      handle: ({ id }) => stage.cloudOf(id).world.compare(id),
    },
    { method: 'PUT', path: /^\/v1\/targets\/([^/]+)\/scale$/, handle: scale },
    { method: 'POST', path: /^\/v1\/play$/, handle: play },
    { method: 'POST', path: /^\/v1\/stop$/, handle: stop },
    { method: 'GET', path: /^\/v1\/scenes$/, handle: () => stage.list() },
    {
      method: 'POST',
      path: /^\/v1\/scenes\/([^/]+)\/prepare$/,
      handle: (call) => ({ run: runOf(call), scene: stage.prepare(call.id, runOf(call)) }),
    },
    {
      method: 'POST',
      path: /^\/v1\/scenes\/([^/]+)\/run$/,
      handle: (call) => {
        stage.run(call.id, runOf(call))
        return stage.list()
      },
    },
    {
      method: 'POST',
      path: /^\/v1\/scenes\/([^/]+)\/stop$/,
      handle: (call) => {
        stage.stop(call.id, runOf(call))
        return stage.list()
      },
    },
  ]
}
