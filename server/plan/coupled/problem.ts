/** Replicas of one member at one offering. Costs in USD per replica and hour of the span. */
export type Choice = {
  /** What is paid now. */
  current: number
  lower: number
  upper: number
  costUsd: number
  /** Per replica above and below `current`. Neither may be negative, or the cost would not be convex. */
  startUsd: number
  stopUsd: number
}

/**
 * One case that demand is met in: a period, all pools standing or one of them reclaimed. What is short of each
 * demand costs its weight per unit; `kept` and `added` are units that a replica serves up to and above `current`
 * (`added` ≤ `kept`: 0 where it cannot be ready in time).
 */
export type DemandCase = {
  kept: Float64Array
  added: Float64Array
  /** Ascending. */
  demands: Float64Array
  weights: Float64Array
}

/** One workload: what it may run on, and what being short costs. */
export type Member = { id: string; choices: Choice[]; cases: DemandCase[] }

/** lower ≤ Σ coefficient · replicas ≤ upper. Of one member (a bound of its own) or of several (quota, budget). */
export type Rule = {
  /** What an admin calls it, with its number: "the quota of 8 × H100 at dc-1". */
  words: string
  lower: number
  upper: number
  terms: RuleTerm[]
}
export type RuleTerm = { member: number; choice: number; coefficient: number }

/**
 * Sample-average approximation of the coupled decision: minimise Σ cost + start + stop + E[shortfall] over whole
 * replicas within bounds, under every rule (Shapiro, Dentcheva & Ruszczyński 2014, ch. 5).
 */
export type AllocationProblem = { members: Member[]; rules: Rule[] }

/** Replicas per member and choice. */
export type Allocation = Int32Array[]

export type AllocationMethod = 'mip' | 'prices' | 'greedy'

/** An allocation within every rule, what it costs, and how far from the best it can be at most. */
export type Solution = {
  allocation: Allocation
  costUsd: number
  /** Proven lower bound of the cost; null where only the fall-back ran. */
  boundUsd: number | null
  /** (cost − bound) / cost; null where there is no bound. */
  gap: number | null
  method: AllocationMethod
  /** Whether the clock stopped the solver. Only then may another run of the same input end elsewhere. */
  timeStruck: boolean
}

/** Tolerance of a rule, relative to its size. */
export const ruleTolerance = (limit: number): number => 1e-7 * Math.max(1, Math.abs(limit))
