import { listTargets } from '../../dispatch/index.ts'
import {
  MOST_REPLAY_STEPS,
  type ReplayChoice,
  type ReplayReport,
  type ReplayRequest,
  replayRequest,
} from '../../evaluation/contract.ts'
import { getPolicy, listPolicies } from '../../governance/index.ts'
import { authorise, type Context, type Verb } from '../../kernel/context.ts'
import { InvalidInputError } from '../../kernel/errors.ts'
import { parseInput } from '../../kernel/parse.ts'
import { serves } from '../../plan/contract.ts'
import { poolsOf } from '../../plan/index.ts'
import { demandSpans, getWorkload, listWorkloads, readDemand } from '../../telemetry/index.ts'
import { ReplayDesk } from './replay-desk.ts'

const DAY_SECONDS = 86_400
const LONGEST_DAYS = 31
/** What policies learn from before the window: twice its length, within these bounds. */
const LEAST_HISTORY_DAYS = 3
const MOST_HISTORY_DAYS = 14

const NOTHING_SERVES = 'Its pool does not serve demand: it is a job that runs or does not, or a size.'

const desk = new ReplayDesk()

/**
 * Replays every policy over a past window of a workload's own demand, with its leading pool's terms as they are today.
 * @throws NotFoundError, InvalidInputError, UnavailableError when too many replays wait
 */
export async function replayWorkload({ ctx, input }: Verb<ReplayRequest>): Promise<ReplayReport> {
  authorise(ctx, 'evaluation.read')
  const { workloadId, from, to } = parseInput(replayRequest, input, 'request')
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000
  if (!(seconds > 0))
    throw new InvalidInputError(`The window is empty: ${to} is not after ${from}.`, [
      { path: 'to', message: 'is not after from', expected: 'an instant after `from`' },
    ])
  const workload = await getWorkload({ ctx, input: { id: workloadId } })
  const { id, name, title, objectiveP99Ms, stepSeconds } = workload
  const steps = Math.ceil(seconds / stepSeconds)
  const longest = Math.min(MOST_REPLAY_STEPS, (LONGEST_DAYS * DAY_SECONDS) / stepSeconds)
  if (steps > longest) {
    throw new InvalidInputError(
      `The window has ${steps} steps of ${stepSeconds} s; a replay takes at most ${longest}, which are ${((longest * stepSeconds) / DAY_SECONDS).toFixed(1)} days.`,
    )
  }
  const daysOfSteps = (days: number) => Math.floor((days * DAY_SECONDS) / stepSeconds)
  const wanted = Math.max(
    daysOfSteps(LEAST_HISTORY_DAYS),
    Math.min(2 * steps, daysOfSteps(MOST_HISTORY_DAYS)),
  )
  const historySteps = Math.min(MOST_REPLAY_STEPS - steps, wanted)
  const [{ leading, others }, policy, demand] = await Promise.all([
    poolsOf(ctx.db, workloadId),
    getPolicy({ ctx, input: { workloadId } }),
    readDemand({ ctx, input: { workloadId, from, to, historySteps } }),
  ])
  if (leading === null)
    throw new InvalidInputError(`${title} has no pool that was ever observed; connect its target first.`)
  if (!serves(leading)) throw new InvalidInputError(NOTHING_SERVES)
  const { poolId, domain, offering, capacityPerReplica, model } = leading
  const pool = { poolId, domain, offering, capacityPerReplica, model }
  const otherPools = others.filter(serves).length
  return desk.report({ workload: { id, name, title }, objectiveP99Ms, pool, otherPools, policy, ...demand })
}

/** Every workload with the span of its telemetry, and why it cannot be replayed if it cannot. */
export async function listReplayChoices({ ctx }: { ctx: Context }): Promise<ReplayChoice[]> {
  authorise(ctx, 'evaluation.read')
  const [workloads, spans, policies, targets] = await Promise.all([
    listWorkloads({ ctx }),
    demandSpans({ ctx }),
    listPolicies({ ctx }),
    listTargets({ ctx }),
  ])
  const spanOf = new Map(spans.map((span) => [span.workloadId, span]))
  const bounded = new Set(policies.flatMap(({ workload, policy }) => (policy === null ? [] : workload.id)))
  const leading = new Map(targets.flatMap(({ pool }) => (pool?.leading ? [[pool.workload.id, pool]] : [])))
  return workloads.map(({ id, name, title, environment, stepSeconds }) => {
    const span = spanOf.get(id)
    const pool = leading.get(id)
    return {
      workload: { id, name, title, environment, stepSeconds },
      measuredFrom: span?.from ?? null,
      measuredTo: span?.to ?? null,
      obstacle: obstacleOf({
        measured: span !== undefined,
        observed: pool !== undefined && pool.observedAt !== null,
        serves: pool !== undefined && serves(pool),
        bounded: bounded.has(id),
      }),
    }
  })
}

type Known = { measured: boolean; observed: boolean; serves: boolean; bounded: boolean }

function obstacleOf(known: Known): string | null {
  if (!known.measured) return 'Its demand was never measured.'
  if (!known.observed) return 'It has no pool that was ever observed.'
  if (!known.serves) return NOTHING_SERVES
  if (!known.bounded) return 'No policy sets its bounds yet.'
  return null
}
