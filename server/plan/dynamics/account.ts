import type { PoolTerms } from './terms.ts'

/** What one step did and cost. */
export type StepAccount = {
  step: number
  /** Replicas while the step was served: serving, and paid without serving. */
  ready: number
  inFlight: number
  /** Replicas that the step's decision ordered, and removed or cancelled. */
  ordered: number
  removed: number
  backlogBefore: number
  backlog: number
  /** Units served. */
  served: number
  infraCost: number
  shortReplicaHours: number
  penaltyCost: number
  churnCost: number
}

export type StepCounts = Pick<
  StepAccount,
  'step' | 'ready' | 'inFlight' | 'ordered' | 'removed' | 'backlogBefore'
>

const NOTHING_LEFT = 1e-9

/**
 * Serves one step's demand (units per second) from a queue without abandonment, and accounts for it. `gap`: nothing was
 * measured; nothing but churn is paid, and no backlog is added.
 */
export function accountStep(terms: PoolTerms, counts: StepCounts, demand: number, gap: boolean): StepAccount {
  const { step, ready, inFlight, ordered, removed, backlogBefore } = counts
  const stepHours = terms.stepSeconds / 3600
  const work = backlogBefore + demand * terms.stepSeconds
  const served = Math.min(work, ready * terms.capacityPerReplica * terms.stepSeconds)
  const waiting = gap ? Math.min(work - served, backlogBefore) : work - served
  const busy = demand / (terms.capacityPerReplica * terms.shortfallUtilisation)
  const shortReplicaHours = gap ? 0 : stepHours * Math.max(0, busy - ready)
  return {
    step,
    ready,
    inFlight,
    ordered,
    removed,
    backlogBefore,
    backlog: waiting < NOTHING_LEFT * Math.max(1, work) ? 0 : waiting,
    served,
    infraCost: gap ? 0 : terms.pricePerReplicaHour * stepHours * (ready + inFlight),
    shortReplicaHours,
    penaltyCost: terms.penaltyPerReplicaHourShort * shortReplicaHours,
    churnCost: terms.startCost * ordered + terms.removeCost * removed,
  }
}

/** Everything that a step cost. */
export const totalCostOf = ({ infraCost, penaltyCost, churnCost }: StepAccount): number =>
  infraCost + penaltyCost + churnCost
