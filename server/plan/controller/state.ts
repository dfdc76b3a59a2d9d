import type { LatencyTerms } from '../dynamics/latency.ts'
import type { PoolState } from '../dynamics/pool-dynamics.ts'
import type { PoolTerms } from '../dynamics/terms.ts'

/** What a controller is told once. `latency`: terms of the objective; null where the pool has none. */
export type ControllerOptions = {
  terms: PoolTerms
  latency: LatencyTerms | null
  /** Ready before the first step. */
  initialReplicas: number
}

/**
 * Quantiles of demand, made from everything up to the step that closed: `leads[0]` is for the step that follows it, in
 * which the decision falls. `leads[i][q]` belongs to `levels[q]`.
 */
export type DemandQuantiles = { levels: readonly number[]; leads: readonly (readonly number[])[] }

/** The step that closed, and the forecast that was made from it; null where there is none yet. */
export type ClosedStep = {
  /** Units per second; of a gap, the value before it. */
  demand: number
  gap: boolean
  forecast: DemandQuantiles | null
  /** Whether the step that begins now is one to decide in; every step unless said. */
  decides?: boolean
}

export type ReactiveState = { recommended: { at: number; replicas: number }[] }
export type TallyState = { regret: number; spread: number; open: number; recentCost: number }
export type GuardState = {
  control: 'plan' | 'reactive'
  sinceStep: number
  reactive: string
  planCost: number
  reactiveCost: number
  /** Discounted weight of the steps so far; their mean cost is `reactiveCost / weight`. */
  weight: number
}

/** Everything a controller remembers: plain JSON that goes on byte for byte. */
export type ControllerState = {
  version: 1
  step: number
  /** Last demands that a reactive metric averages, oldest first. */
  recent: number[]
  /** Whether the candidates have decided the step that is open, and for what. */
  decided: (number | null)[] | null
  advised: number | null
  candidates: { pool: PoolState; tally: TallyState; reactive: ReactiveState | null }[]
  /** The pool as it would be, had the unguarded advice been followed. */
  plan: PoolState
  guard: GuardState
}
