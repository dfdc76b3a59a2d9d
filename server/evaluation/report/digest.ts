import { carbonAt } from '../../plan/index.ts'
import type { ReplayMoment, ReplayOutcome, ReplayPolicy } from '../contract.ts'
import type { ReplayRun } from '../replay/replay.ts'
import type { Scene } from '../replay/simulate.ts'
import type { RunScores } from '../replay/summary.ts'
import type { ReplayedPool } from './pool-terms.ts'

/** What a report keeps of a run; the run itself holds every step. */
export type RunDigest = {
  policy: ReplayPolicy
  note: string
  scores: RunScores
  replicaHours: number
  carbonKg: number
  /** Mean of ready replicas by moment. */
  ready: number[]
}

const MOST_MOMENTS = 240

/** Steps that one moment of a report stands for. */
export const stepsPerMoment = ({ from, to }: Scene): number =>
  Math.max(1, Math.ceil((to - from) / MOST_MOMENTS))

/** `startSeconds`: of the scene's first step, since the epoch. */
export function digestOf(
  run: ReplayRun,
  scene: Scene,
  { domain, offering }: ReplayedPool,
  startSeconds: number,
): RunDigest {
  const { stepSeconds } = scene.terms
  const perMoment = stepsPerMoment(scene)
  const ready: number[] = []
  let replicaHours = 0
  let carbonG = 0
  for (const [k, account] of run.accounts.entries()) {
    const moment = Math.floor(k / perMoment)
    const share = 1 / Math.min(perMoment, run.accounts.length - moment * perMoment)
    ready[moment] = (ready[moment] ?? 0) + share * account.ready
    if (scene.gap[scene.from + k] === 1) continue
    const used = (stepSeconds / 3_600) * (account.ready + account.inFlight)
    replicaHours += used
    const atMs = 1_000 * (startSeconds + (scene.from + k) * stepSeconds)
    carbonG += used * offering.powerKw * carbonAt(domain, atMs)
  }
  const { policy, note, scores } = run
  return { policy, note, scores, replicaHours, carbonKg: carbonG / 1_000, ready }
}

/** `optimum`: least total cost; 0 where it is not known. */
export function outcomeOf(digest: RunDigest, optimum: number): ReplayOutcome {
  const { policy, note, scores, replicaHours, carbonKg } = digest
  return {
    policy,
    note,
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
    carbonKg,
    starts: scores.starts,
    removals: scores.removals,
    meanReady: scores.meanReady,
    peakReady: scores.peakReady,
  }
}

export function momentsOf(
  scene: Scene,
  digests: readonly RunDigest[],
  timeAt: (step: number) => string,
): ReplayMoment[] {
  const { from, to, gap, demand } = scene
  const perMoment = stepsPerMoment(scene)
  return Array.from({ length: Math.ceil((to - from) / perMoment) }, (_, moment) => {
    const first = from + moment * perMoment
    let highest: number | null = null
    for (let i = first; i < Math.min(to, first + perMoment); i++) {
      if (gap[i] !== 1) highest = Math.max(highest ?? 0, demand[i] ?? 0)
    }
    const ready: ReplayMoment['ready'] = {}
    for (const digest of digests) ready[digest.policy] = digest.ready[moment] ?? 0
    return { at: timeAt(first), demand: highest, ready }
  })
}
