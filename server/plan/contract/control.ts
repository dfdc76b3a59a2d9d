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
  /** Plain sentences for people. */
  reasons: string[]
}
