import type { LatencyTerms } from './latency.ts'
import type { PendingOrder } from './pool-dynamics.ts'
import { floorTolerant } from './rounding.ts'
import type { PoolTerms } from './terms.ts'

/**
 * Measured demand, in units per second, oldest first. Only the first `length` values are known; a missing measurement
 * stands as the value before it, with `gap` 1.
 */
export type PastDemand = { values: Float64Array; gap: Uint8Array; length: number }

/** Everything that a policy may know about a pool before its first decision. */
export type PolicySetup = {
  terms: PoolTerms & LatencyTerms
  /** Target of policies that hold a utilisation. */
  targetUtilisation: number
  /** Ready before step 0. */
  initialReplicas: number
  /** Time between decisions of a policy that does not decide at every step; 0 = every step. */
  controlIntervalSeconds: number
  /** Seconds after midnight UTC of the first value of `history`; 0 where no calendar is known. */
  startSeconds: number
  /** Demand before step 0. */
  history: PastDemand
}

/** What a policy sees at step k: nothing of step k itself, nor of what follows. */
export type PolicyObservation = {
  /** k, counted from the first decision. */
  step: number
  /** History and steps 0 … k − 1; `past.length` is the history's length + k. */
  past: PastDemand
  /** Units per second that were served in steps 0 … k − 1, by step. */
  processed: Float64Array
  ready: number
  pending: readonly Readonly<PendingOrder>[]
  /** Ready plus everything pending. */
  position: number
  /** Units that wait. */
  backlog: number
}

/** Decides the position of one pool, one step after the other. */
export interface CapacityPolicy {
  /** The desired position, or null for no change. It is held to the pool's bounds afterwards. */
  decide(observation: PolicyObservation): number | null
  /** What is worth knowing of how it was set up, such as a chosen target. */
  readonly note?: string
}

/** Whether a policy with a control interval decides at `step`. */
export function isControlStep(step: number, stepSeconds: number, controlIntervalSeconds: number): boolean {
  if (step === 0 || controlIntervalSeconds === 0) return true
  const turn = (k: number) => floorTolerant((k * stepSeconds) / controlIntervalSeconds)
  return turn(step) > turn(step - 1)
}
