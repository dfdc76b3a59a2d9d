import { LatencyModel, type StepAccount } from '../../plan/index.ts'
import type { Scene } from './simulate.ts'

/** Latency of each step, of the steps that are scored and of those that are not. */
export type StepLatency = { p99Seconds: Float64Array; lateShare: Float64Array }

/** What a run cost and how it served, over the steps that were measured. */
export type RunScores = {
  steps: number
  gapSteps: number
  infraCost: number
  penaltyCost: number
  churnCost: number
  totalCost: number
  shortReplicaHours: number
  violationShareDemand: number
  violationShareTime: number
  unservedInTimeUnits: number
  unservedInTimeShare: number
  p99Seconds: number
  meanReady: number
  meanInFlight: number
  peakReady: number
  starts: number
  removals: number
  finalBacklog: number
}

const QUANTILE = 0.99
/** Sums of weights taken in another order differ by a little. */
const SUM_TOLERANCE = 1e-12

export function latencyOf(scene: Scene, accounts: readonly StepAccount[]): StepLatency {
  const model = new LatencyModel(scene.terms)
  const p99Seconds = new Float64Array(accounts.length)
  const lateShare = new Float64Array(accounts.length)
  for (const [k, { ready, backlogBefore, backlog }] of accounts.entries()) {
    const step = { demand: scene.demand[scene.from + k] ?? 0, ready, backlogBefore, backlog }
    p99Seconds[k] = model.p99Seconds(step)
    lateShare[k] = model.lateShare(step)
  }
  return { p99Seconds, lateShare }
}

/** Scores of one run; gap steps carry no weight but that of churn. */
export function scoresOf(scene: Scene, accounts: readonly StepAccount[], latency: StepLatency): RunScores {
  const { demand, gap, from, terms } = scene
  const model = new LatencyModel(terms)
  const sum = (of: (account: StepAccount) => number) => accounts.reduce((total, one) => total + of(one), 0)
  const weight = Float64Array.from(accounts, (_, k) =>
    gap[from + k] === 1 ? 0 : (demand[from + k] ?? 0) * terms.stepSeconds,
  )
  let units = 0
  let violatingUnits = 0
  let violatingSteps = 0
  let late = 0
  let gapSteps = 0
  for (const [k, w] of weight.entries()) {
    if (gap[from + k] === 1) {
      gapSteps++
      continue
    }
    const violates = model.violates(latency.p99Seconds[k] ?? 0)
    units += w
    late += w * (latency.lateShare[k] ?? 0)
    if (violates) violatingUnits += w
    if (violates) violatingSteps++
  }
  const [infraCost, penaltyCost, churnCost] = [
    sum((one) => one.infraCost),
    sum((one) => one.penaltyCost),
    sum((one) => one.churnCost),
  ]
  const steps = accounts.length
  return {
    steps,
    gapSteps,
    infraCost,
    penaltyCost,
    churnCost,
    totalCost: infraCost + penaltyCost + churnCost,
    shortReplicaHours: sum((one) => one.shortReplicaHours),
    violationShareDemand: units > 0 ? violatingUnits / units : 0,
    violationShareTime: units > 0 ? violatingSteps / (steps - gapSteps) : 0,
    unservedInTimeUnits: late,
    unservedInTimeShare: units > 0 ? late / units : 0,
    p99Seconds: weightedQuantile(latency.p99Seconds, weight, units),
    meanReady: sum((one) => one.ready) / steps,
    meanInFlight: sum((one) => one.inFlight) / steps,
    peakReady: accounts.reduce((peak, { ready }) => Math.max(peak, ready), 0),
    starts: sum((one) => one.ordered),
    removals: sum((one) => one.removed),
    finalBacklog: accounts.at(-1)?.backlog ?? 0,
  }
}

/** Smallest value that reaches `QUANTILE` of the weight. */
function weightedQuantile(values: Float64Array, weight: Float64Array, total: number): number {
  if (total <= 0) return 0
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const wanted = QUANTILE * total * (1 - SUM_TOLERANCE)
  let reached = 0
  for (const k of order) {
    reached += weight[k] ?? 0
    if (reached >= wanted) return values[k] ?? 0
  }
  return 0
}
