import { z } from 'zod'

/** One way to run the pool, as it would have gone. */
export type CandidateView = {
  name: string
  /** In words, for people. */
  label: string
  /** Share that its position has in the advice; all shares sum to one. */
  weight: number
  /** Ready and on their way now, had it been followed. */
  position: number
  /** What it would have cost lately, discounted over `memorySteps`. */
  recentCost: number
}

/** Who is in control, and since which step. Costs are discounted over `memorySteps`, both as if followed throughout. */
export type GuardView = {
  control: 'plan' | 'reactive'
  /** Step from which control is there; 0 where it never changed. */
  sinceStep: number
  /** Name of the autoscaler that runs in the shadow. */
  reactive: string
  planCost: number
  reactiveCost: number
  /** Share above the autoscaler's cost, and the start budget beside it, at which control goes back to it. */
  tolerance: number
  budget: number
  /** One sentence: who controls, since when, why. */
  reason: string
}

/** What a controller asks for. */
export type ControllerAdvice = {
  /** Desired position: ready plus everything on its way. Null where nothing is known yet. */
  desired: number | null
  /** Most trusted candidate first. */
  candidates: CandidateView[]
  guard: GuardView
  /** How many steps it has seen. */
  steps: number
  /** Plain sentences for people. */
  reasons: string[]
}

export const controllerStateQuery = z.object({
  workloadId: z.uuid().optional(),
  control: z.enum(['plan', 'reactive']).optional(),
})
export type ControllerStateQuery = z.input<typeof controllerStateQuery>

/** Who is in control of a pool, and what both would have cost, as of the last step that its controller learned from. */
export type ControllerStateView = {
  workload: { id: string; name: string; title: string }
  poolId: string
  control: 'plan' | 'reactive'
  /** Since when; null where it never changed. */
  since: string | null
  at: string
  /** Name of the autoscaler in the shadow: "hpa-0.6-300" aims at 60% and waits 300 s before it scales in. */
  reactive: string
  /** Discounted sums, and the same as means per hour. */
  planCostUsd: number
  reactiveCostUsd: number
  planCostPerHourUsd: number
  reactiveCostPerHourUsd: number
  /** λ: the share above the autoscaler's cost past which control goes back to it, and that at which it comes back. */
  tolerance: number
  regainedAt: number
  /** Steps that the controller has learned from, and how many of them it takes for rises to follow it. */
  steps: number
  stepsNeeded: number
}
