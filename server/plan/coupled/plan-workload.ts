import type { PlanInput, PlanOutcome } from '../contract.ts'
import { planPool } from '../plan-pool.ts'
import type { Solver } from './solver.ts'

/**
 * The decision for one workload on all of its pools; `planPool` where there is one. Deterministic. `solver` comes from
 * `loadSolver`; without it (null) the plan is made by local search and its gap is not known. Blocks for tens of milliseconds.
 */
export function planWorkload(input: PlanInput, _solver: Solver | null): PlanOutcome {
  return planPool(input)
}
