import { PoolController, PoolDynamics, type PoolTerms, totalCostOf } from '../../plan/index.ts'
import { chancesAhead, type DemandLaw, drawPath, quantilesOf } from './demand-law.ts'
import { exactOptimum, type SmallPool } from './exact-optimum.ts'

export type ExactJudgement = {
  law: string
  pool: SmallPool
  states: number
  /** Mean cost of a step: of the controller, of the exact policy on the same draws, and of the exact policy by theory. */
  cost: number
  exactCost: number
  exactMeanCost: number
}

const STEP_SECONDS = 60
/** Quantile levels of the true law as the controller is given it: every half percent. */
const LEVELS = Array.from({ length: 199 }, (_, i) => (i + 1) / 200)
/** Steps before the costs of either count: the controller has by then seen how its candidates fare. */
const WARM_STEPS = 2_000

/** The controller, told the true law as quantiles, against the exact dynamic programme on the same draws. */
export function judgeAgainstExact(
  law: DemandLaw,
  pool: SmallPool,
  steps: number,
  random: () => number,
): ExactJudgement {
  const optimum = exactOptimum(law, pool)
  const terms = termsOf(pool)
  const leads = chancesAhead(law, pool.leadSteps + 2).map((from) =>
    from.map((chances) => quantilesOf(law.values, chances, LEVELS)),
  )
  const controller = new PoolController({ terms, latency: null, initialReplicas: 1 })
  const ours = new PoolDynamics(terms, 1)
  const exact = new PoolDynamics(terms, 1)
  let cost = 0
  let exactCost = 0
  let seen: number | null = null
  for (const [k, at] of drawPath(law, steps + WARM_STEPS, random).entries()) {
    const demand = law.values[at] ?? 0
    const counts = k >= WARM_STEPS ? 1 : 0
    const wanted = seen === null ? null : optimum.position(seen, exact.ready, dueOf(exact, pool.leadSteps))
    exactCost += counts * totalCostOf(exact.advance(wanted, demand))
    cost += counts * totalCostOf(ours.advance(controller.desired(), demand))
    controller.advance({ demand, gap: false, forecast: { levels: LEVELS, leads: leads[at] ?? [] } })
    seen = at
  }
  const unit = (STEP_SECONDS / 3600) * steps
  return {
    law: law.name,
    pool,
    states: optimum.states,
    cost: cost / unit,
    exactCost: exactCost / unit,
    exactMeanCost: optimum.meanCost,
  }
}

/** Orders by due step, as the optimum counts them. */
function dueOf({ pending, step }: PoolDynamics, leadSteps: number): number[] {
  const due = new Array<number>(leadSteps - 1).fill(0)
  for (const { readyAt, count } of pending) due[readyAt - step - 1] = (due[readyAt - step - 1] ?? 0) + count
  return due
}

function termsOf({ leadSteps, maxReplicas, penalty }: SmallPool): PoolTerms {
  return {
    stepSeconds: STEP_SECONDS,
    capacityPerReplica: 1,
    minReplicas: 1,
    maxReplicas,
    pricePerReplicaHour: 1,
    leadTimeSeconds: leadSteps * STEP_SECONDS,
    leadSeed: 1,
    approvalDelaySeconds: 0,
    removeDelaySeconds: 0,
    penaltyPerReplicaHourShort: penalty,
    shortfallUtilisation: 1,
    startCost: 0,
    removeCost: 0,
  }
}
