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

const trustState = z.object({
  /** Long, and of late. */
  memories: z.array(z.object({ regret: z.number(), spread: z.number() })),
  open: z.number(),
  spent: z.number(),
})
/** What the mean of the candidates gained on one autoscaler. */
export type TrustState = z.infer<typeof trustState>

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

const incumbentState = z.object({
  name: z.string(),
  since: z.int(),
  decided: z.int().nullable(),
  pool: poolState,
  reactive: reactiveState,
})
export type IncumbentState = z.infer<typeof incumbentState>

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
      /** Of autoscalers. Older states have none: trust is then earned anew. */
      trust: trustState.nullable().default(null),
    }),
  ),
  /** The pool as it would be, had the mean of the candidates been followed; in older states that is the plan. */
  mixture: poolState.nullable().default(null),
  /** The autoscaler that runs from the pool as it was when control was taken; null where it is one of the candidates. */
  incumbent: incumbentState.nullable().default(null),
  /** The mean of the candidates, and the pool as it would be, had the unguarded advice been followed. */
  mixed: z.int().nullable().default(null),
  plan: poolState,
  guard: guardState,
})
export type ControllerState = z.infer<typeof controllerState>
