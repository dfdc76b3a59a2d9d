import { InvalidInputError, ServiceError } from '../../kernel/errors.ts'
import { carbonAt } from '../../plan/index.ts'
import {
  MOST_REPLAY_STEPS,
  type ParetoPoint,
  REPLAY_POLICIES,
  type ReplayMoment,
  type ReplayOutcome,
  type ReplayReport,
} from '../contract.ts'
import { type ReplayRun, replay } from '../replay/replay.ts'
import { initialReplicasOf, type Scene, secondsOfDay } from '../replay/simulate.ts'
import { markEfficient, pointOf, runSetting, settingsOf } from './pareto.ts'
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
}

/** Target of the autoscalers as they ship. */
const TARGET_UTILISATION = 0.7
const MOST_MOMENTS = 240

/**
 * Every policy over one window of measured demand, and how cost trades for latency. Same task, same report.
 * @throws InvalidInputError when nothing was measured in the window, or it is too long
 */
export function replayReport(task: ReplayTask): ReplayReport {
  const { scene, startSeconds } = sceneOf(task)
  const { from, to } = scene
  const { stepSeconds } = task
  const span = spanOf(startSeconds + from * stepSeconds, to - from, stepSeconds)
  const runs: ReplayRun[] = []
  const skipped: ReplayReport['skipped'] = []
  for (const policy of REPLAY_POLICIES) {
    try {
      runs.push(replay(scene, policy))
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      skipped.push({ policy, reason: error.message })
    }
  }
  const optimum = runs.find(({ policy }) => policy === 'clairvoyant')?.scores.totalCost ?? 0
  const carbon = { ...task, startSeconds }
  const [first] = runs
  return {
    workload: task.workload,
    from: timeAt(startSeconds + from * stepSeconds),
    to: timeAt(startSeconds + to * stepSeconds),
    stepSeconds,
    steps: to - from,
    gapSteps: first?.scores.gapSteps ?? 0,
    historySteps: from,
    terms: shownTerms(task, span),
    outcomes: runs.map((run) => outcomeOf(run, scene, carbon, optimum)),
    skipped,
    pareto: paretoOf(scene, runs),
    ...momentsOf(scene, runs, startSeconds),
  }
}

/** The task as a scene: what precedes the first measurement is cut, gaps hold the value before them. */
function sceneOf(task: ReplayTask): { scene: Scene; startSeconds: number } {
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
  const scene: Scene = {
    demand,
    gap: Uint8Array.from(kept, (value) => (value === null ? 1 : 0)),
    from,
    to: kept.length,
    startSeconds: secondsOfDay({ startSeconds }),
    terms: simulatedTerms(task, spanOf(startSeconds + from * stepSeconds, kept.length - from, stepSeconds)),
    targetUtilisation: TARGET_UTILISATION,
    controlIntervalSeconds: 0,
    initialReplicas: 'auto',
  }
  // All settings begin with the same replicas.
  return { scene: { ...scene, initialReplicas: initialReplicasOf(scene) }, startSeconds }
}

const timeAt = (seconds: number): string => new Date(1_000 * seconds).toISOString()

const spanOf = (startSeconds: number, steps: number, stepSeconds: number): ReplaySpan => ({
  fromMs: 1_000 * startSeconds,
  seconds: steps * stepSeconds,
  stepSeconds,
})

function outcomeOf(run: ReplayRun, scene: Scene, task: ReplayTask, optimum: number): ReplayOutcome {
  const { scores } = run
  const hours = task.stepSeconds / 3_600
  const { domain, offering } = task.pool
  let replicaHours = 0
  let carbonG = 0
  for (const [k, { ready, inFlight }] of run.accounts.entries()) {
    if (scene.gap[scene.from + k] === 1) continue
    const used = hours * (ready + inFlight)
    replicaHours += used
    const atMs = 1_000 * (task.startSeconds + (scene.from + k) * task.stepSeconds)
    carbonG += used * offering.powerKw * carbonAt(domain, atMs)
  }
  return {
    policy: run.policy,
    note: run.note,
    infraCostUsd: scores.infraCost,
    penaltyCostUsd: scores.penaltyCost,
    churnCostUsd: scores.churnCost,
    totalCostUsd: scores.totalCost,
    totalVsOptimum: optimum > 0 ? scores.totalCost / optimum : null,
    latencyP99Ms: 1_000 * scores.p99Seconds,
    violationShareDemand: scores.violationShareDemand,
    violationShareTime: scores.violationShareTime,
    lateUnits: scores.unservedInTimeUnits,
    lateShare: scores.unservedInTimeShare,
    replicaHours,
    carbonKg: carbonG / 1_000,
    starts: scores.starts,
    removals: scores.removals,
    meanReady: scores.meanReady,
    peakReady: scores.peakReady,
  }
}

function paretoOf(scene: Scene, runs: readonly ReplayRun[]): ParetoPoint[] {
  const inForce = runs.map(({ policy, note, scores }) => pointOf(policy, note || 'in force', true, scores))
  const ran = new Set(runs.map(({ policy }) => policy))
  const swept = settingsOf(scene).filter(({ policy }) => ran.has(policy))
  return markEfficient([...inForce, ...swept.map((setting) => runSetting(scene, setting))])
}

function momentsOf(scene: Scene, runs: readonly ReplayRun[], startSeconds: number) {
  const { stepSeconds } = scene.terms
  const steps = scene.to - scene.from
  const perMoment = Math.max(1, Math.ceil(steps / MOST_MOMENTS))
  const moments: ReplayMoment[] = []
  for (let k = 0; k < steps; k += perMoment) {
    const end = Math.min(steps, k + perMoment)
    let demand: number | null = null
    for (let i = scene.from + k; i < scene.from + end; i++) {
      if (scene.gap[i] !== 1) demand = Math.max(demand ?? 0, scene.demand[i] ?? 0)
    }
    const ready: ReplayMoment['ready'] = {}
    for (const { policy, accounts } of runs) {
      const sum = accounts.slice(k, end).reduce((total, account) => total + account.ready, 0)
      ready[policy] = sum / (end - k)
    }
    moments.push({ at: timeAt(startSeconds + (scene.from + k) * stepSeconds), demand, ready })
  }
  return { momentSeconds: perMoment * stepSeconds, moments }
}
