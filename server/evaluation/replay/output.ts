import { totalCostOf } from '../../plan/index.ts'
import type { ReplayRun } from './replay.ts'
import type { Scene } from './simulate.ts'
import type { Trace } from './trace.ts'

const COLUMNS = 'timestamp,demand,ready,in_flight,ordered,backlog,p99_ms,cost,removed'

/** The run step by step, as CSV. Times in seconds; demand is empty where nothing was measured. */
export function stepsCsv(trace: Trace, scene: Scene, { accounts, latency }: ReplayRun): string {
  const lines = accounts.map((account, k) => {
    const i = scene.from + k
    const seconds = trace.startSeconds + i * trace.stepSeconds
    return [
      Number(seconds.toFixed(3)),
      scene.gap[i] === 1 ? '' : scene.demand[i],
      account.ready,
      account.inFlight,
      account.ordered,
      account.backlog,
      (latency.p99Seconds[k] ?? 0) * 1_000,
      totalCostOf(account),
      account.removed,
    ].join(',')
  })
  return `${[COLUMNS, ...lines].join('\n')}\n`
}

export type SummaryFacts = { clairvoyantTotalCost: number; leadSeed: number; configSha256: string }

/** The run as one JSON object. */
export function summaryJson(trace: Trace, scene: Scene, run: ReplayRun, facts: SummaryFacts): string {
  const { steps, gapSteps, ...scores } = run.scores
  const { clairvoyantTotalCost: optimum, leadSeed, configSha256 } = facts
  const summary = {
    policy: run.policy,
    seriesId: trace.seriesId,
    steps,
    gapSteps,
    stepSeconds: trace.stepSeconds,
    evalFromStep: scene.from,
    initialReplicas: run.initialReplicas,
    ...scores,
    clairvoyantTotalCost: optimum,
    totalVsClairvoyant: optimum > 0 ? scores.totalCost / optimum : null,
    leadSeed,
    configSha256,
    note: run.note,
  }
  return `${JSON.stringify(summary, null, 2)}\n`
}
