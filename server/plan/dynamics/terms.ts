import { nextRandomState, randomOf } from '../../kernel/rng.ts'
import { ceilTolerant, floorTolerant } from './rounding.ts'

/** What the state and the cost of one pool depend on. Prices in any one currency. */
export type PoolTerms = {
  /** Seconds of one step. */
  stepSeconds: number
  /** Units per second of one ready replica at 100 %. */
  capacityPerReplica: number
  /** Bounds on the position: ready plus everything pending. */
  minReplicas: number
  maxReplicas: number
  /** Paid for every replica from the placement of its order until it is gone. */
  pricePerReplicaHour: number
  /** Order to ready: a number, or at least two equally spaced quantiles, minimum to maximum. */
  leadTimeSeconds: number | readonly number[]
  leadSeed: number
  /** Decision to placement of an order. */
  approvalDelaySeconds: number
  /** Scale-in to the end of its payment. */
  removeDelaySeconds: number
  penaltyPerReplicaHourShort: number
  /** Utilisation up to which a ready replica counts against shortfall. */
  shortfallUtilisation: number
  /** Per replica ordered; per replica removed or order cancelled. */
  startCost: number
  removeCost: number
}

/** Whole steps that `seconds` reach into. */
export const stepsIn = (seconds: number, stepSeconds: number): number => ceilTolerant(seconds / stepSeconds)

/** Lead time of an order decided at `step`, in seconds; it depends on seed and step alone, so that policies share it. */
export function leadSeconds({ leadTimeSeconds, leadSeed }: PoolTerms, step: number): number {
  if (typeof leadTimeSeconds === 'number') return leadTimeSeconds
  const last = leadTimeSeconds.length - 1
  const w = randomOf(nextRandomState(((leadSeed >>> 0) + step) >>> 0)) * last
  const i = Math.min(floorTolerant(w), last - 1)
  const low = leadTimeSeconds[i] ?? 0
  return low + (w - i) * ((leadTimeSeconds[i + 1] ?? low) - low)
}

/** Whole steps from a decision at `step` until what it orders is ready. */
export function stepsToReady(terms: PoolTerms, step: number): number {
  const { approvalDelaySeconds, stepSeconds } = terms
  return stepsIn(approvalDelaySeconds, stepSeconds) + stepsIn(leadSeconds(terms, step), stepSeconds)
}

/** The longest that `stepsToReady` can be. */
export function longestStepsToReady({ leadTimeSeconds, ...terms }: PoolTerms): number {
  const longest = typeof leadTimeSeconds === 'number' ? leadTimeSeconds : (leadTimeSeconds.at(-1) ?? 0)
  return stepsIn(terms.approvalDelaySeconds, terms.stepSeconds) + stepsIn(longest, terms.stepSeconds)
}
