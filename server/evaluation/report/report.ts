import { InvalidInputError, ServiceError } from '../../kernel/errors.ts'
import { MOST_REPLAY_STEPS, type ParetoPoint, REPLAY_POLICIES, type ReplayReport } from '../contract.ts'
import { DemandForecasts } from '../replay/policies/demand-forecasts.ts'
import { sharingForecasts } from '../replay/policies/infrasage.ts'
import { replay } from '../replay/replay.ts'
import { initialReplicasOf, type PolicyFactory, type Scene, secondsOfDay } from '../replay/simulate.ts'
import { digestOf, momentsOf, outcomeOf, type RunDigest, stepsPerMoment } from './digest.ts'
import { markEfficient, pointOf, runSetting, type Scenes, settingsOf } from './pareto.ts'
import { type ReplayPool, type ReplaySpan, shownTerms, simulatedTerms } from './pool-terms.ts'

/** Demand as it was measured and the pool that served it; plain data, so that a thread of its own may take it. */
export type ReplayTask = ReplayPool & {
  workload: { id: string; name: string; title: string }
  /** Seconds since the epoch of the first value. */
  startSeconds: number
  stepSeconds: number
  /** Units per second, null where nothing was measured; the first `historySteps` precede the window. */
  values: readonly (number | null)[]
  historySteps: number
  /** How many other pools share the demand; they are left out. */
  otherPools: number
}

/** Target of the autoscalers as they ship. */
const TARGET_UTILISATION = 0.7

/**
 * Every policy over one window of measured demand, and how cost trades for latency. Same task, same report.
 * @throws InvalidInputError when nothing was measured in the window, or it is too long
 */
export function replayReport(task: ReplayTask): ReplayReport {
  const { scene: approved, startSeconds, span } = sceneOf(task)
  // A person approves what we propose; an autoscaler asks nobody.
  const scene = { ...approved, terms: { ...approved.terms, approvalDelaySeconds: 0 } }
  const { from, to } = scene
  const { stepSeconds } = task
  const timeAt = (step: number) => new Date(1_000 * (startSeconds + step * stepSeconds)).toISOString()
  const keep = DemandForecasts.canKeep(approved.terms, to)
  const ours = sharingForecasts(keep)
  const digests: RunDigest[] = []
  const skipped: ReplayReport['skipped'] = []
  for (const policy of REPLAY_POLICIES) {
    try {
      const waits = policy === 'infrasage'
      const run = replay(waits ? approved : scene, policy, waits ? ours : undefined)
      digests.push(digestOf(run, scene, task.pool, startSeconds))
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      skipped.push({ policy, reason: error.message })
    }
  }
  const optimum = digests.find(({ policy }) => policy === 'clairvoyant')?.scores.totalCost ?? 0
  return {
    workload: task.workload,
    from: timeAt(from),
    to: timeAt(to),
    stepSeconds,
    steps: to - from,
    gapSteps: digests[0]?.scores.gapSteps ?? 0,
    historySteps: from,
    otherPools: task.otherPools,
    terms: shownTerms(task, span),
    outcomes: digests.map((digest) => outcomeOf(digest, optimum)),
    skipped,
    pareto: paretoOf({ approved, atOnce: scene }, digests, keep ? ours : null),
    momentSeconds: stepsPerMoment(scene) * stepSeconds,
    moments: momentsOf(scene, digests, timeAt),
  }
}

/** The task as a scene: what precedes the first measurement is cut, gaps hold the value before them. */
function sceneOf(task: ReplayTask): { scene: Scene; startSeconds: number; span: ReplaySpan } {
  const { values, historySteps, stepSeconds } = task
  if (values.length > MOST_REPLAY_STEPS) {
    throw new InvalidInputError(
      `The window and the history before it have ${values.length} steps; a replay takes at most ${MOST_REPLAY_STEPS}.`,
    )
  }
  const first = values.findIndex((value) => value !== null)
  if (first < 0 || values.slice(historySteps).every((value) => value === null))
    throw new InvalidInputError('Nothing was measured in this window; choose one with telemetry in it.')
  const kept = values.slice(first)
  const demand = new Float64Array(kept.length)
  for (const [i, value] of kept.entries())
    demand[i] = value === null ? (demand[i - 1] ?? 0) : Math.max(0, value)
  const startSeconds = task.startSeconds + first * stepSeconds
  const from = Math.max(0, historySteps - first)
  const steps = kept.length - from
  const span = {
    fromMs: 1_000 * (startSeconds + from * stepSeconds),
    steps,
    stepSeconds,
    meanDemand: demand.subarray(from).reduce((sum, each) => sum + each, 0) / steps,
  }
  const scene: Scene = {
    demand,
    gap: Uint8Array.from(kept, (value) => (value === null ? 1 : 0)),
    from,
    to: kept.length,
    startSeconds: secondsOfDay({ startSeconds }),
    terms: simulatedTerms(task, span),
    targetUtilisation: TARGET_UTILISATION,
    controlIntervalSeconds: 0,
    initialReplicas: 'auto',
  }
  // All settings begin with the same replicas.
  return { scene: { ...scene, initialReplicas: initialReplicasOf(scene) }, startSeconds, span }
}

function paretoOf(scenes: Scenes, digests: readonly RunDigest[], ours: PolicyFactory | null): ParetoPoint[] {
  const inForce = digests.map(({ policy, note, scores }) => pointOf(policy, note || 'in force', true, scores))
  const ran = new Set(digests.map(({ policy }) => policy))
  const swept = settingsOf(scenes, ours).filter(({ policy }) => ran.has(policy))
  return markEfficient([...inForce, ...swept.map(runSetting)])
}
