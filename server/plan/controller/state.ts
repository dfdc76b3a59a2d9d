import { z } from 'zod'
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

const reactiveState = z.object({
  recommended: z.array(z.object({ at: z.number(), replicas: z.number() })),
})
export type ReactiveState = z.infer<typeof reactiveState>

const tallyState = z.object({
  regret: z.number(),
  spread: z.number(),
  open: z.number(),
  recentCost: z.number(),
})
export type TallyState = z.infer<typeof tallyState>

const guardState = z.object({
  control: z.enum(['plan', 'reactive']),
  sinceStep: z.int(),
  reactive: z.string(),
  planCost: z.number(),
  reactiveCost: z.number(),
  /** Discounted weight of the steps so far; their mean cost is `reactiveCost / weight`. */
  weight: z.number(),
})
export type GuardState = z.infer<typeof guardState>

const poolState = z.object({
  step: z.int(),
  ready: z.int(),
  backlog: z.number(),
  pending: z.array(z.object({ decidedAt: z.int(), placedAt: z.int(), readyAt: z.int(), count: z.int() })),
  draining: z.array(z.object({ paidUntil: z.int(), count: z.int() })),
}) satisfies z.ZodType<PoolState>

/** Everything a controller remembers, as it is kept: plain JSON that goes on byte for byte. */
export const controllerState = z.object({
  version: z.literal(1),
  step: z.int(),
  /** Last demands that a reactive metric averages, oldest first. */
  recent: z.array(z.number()),
  /** Whether a step is open, which the candidates have decided. */
  open: z.boolean(),
  advised: z.int().nullable(),
  candidates: z.array(
    z.object({
      name: z.string(),
      pool: poolState,
      tally: tallyState,
      reactive: reactiveState.nullable(),
      decided: z.int().nullable(),
    }),
  ),
  /** The pool as it would be, had the unguarded advice been followed. */
  plan: poolState,
  guard: guardState,
})
export type ControllerState = z.infer<typeof controllerState>
