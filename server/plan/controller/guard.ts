import type { GuardView } from '../contract/control.ts'
import type { GuardState } from './state.ts'
import { MEMORY_STEPS } from './tally.ts'

/** λ: share above the autoscaler's cost that the plan may cost before control goes back to it. */
export const TOLERANCE = 0.02
/** The plan gets control again at half of that: hysteresis. */
export const REGAINED_SHARE = 0.5
/**
 * Steps of the autoscaler's mean cost that the plan may be ahead in any case: at the start, and after a rest, a single
 * burst decides the ratio of two small sums.
 */
export const BUDGET_STEPS = 20
/** How much cheaper another autoscaler must have been to be the one that is compared with. */
const RETUNE_SHARE = 0.01

const DECAY = 1 - 1 / MEMORY_STEPS

export const freshGuard = (reactive: string): GuardState => ({
  control: 'plan',
  sinceStep: 0,
  reactive,
  planCost: 0,
  reactiveCost: 0,
  weight: 0,
})

/**
 * Takes what a step would have cost under the plan and under the autoscaler, and says who controls the next. Both run in
 * the shadow throughout, so that who is not in control is judged as fairly as who is.
 */
export function chargeGuard(guard: GuardState, step: number, planCost: number, reactiveCost: number): void {
  guard.planCost = DECAY * guard.planCost + planCost
  guard.reactiveCost = DECAY * guard.reactiveCost + reactiveCost
  guard.weight = DECAY * guard.weight + 1
  const budget = budgetOf(guard)
  const limit = (tolerance: number) => (1 + tolerance) * guard.reactiveCost + budget
  const next =
    guard.control === 'plan'
      ? guard.planCost > limit(TOLERANCE)
        ? 'reactive'
        : 'plan'
      : guard.planCost <= limit(TOLERANCE * REGAINED_SHARE)
        ? 'plan'
        : 'reactive'
  if (next === guard.control) return
  guard.control = next
  guard.sinceStep = step
}

/** Goes over to another autoscaler where it is clearly cheaper by now; the first of equals. Says whether it did. */
export function retune(guard: GuardState, costs: readonly { name: string; cost: number }[]): boolean {
  const current = costs.find(({ name }) => name === guard.reactive)?.cost ?? Number.POSITIVE_INFINITY
  let best = { name: guard.reactive, cost: current * (1 - RETUNE_SHARE) }
  for (const each of costs) if (each.cost < best.cost) best = each
  const changed = best.name !== guard.reactive
  guard.reactive = best.name
  return changed
}

/** `label`: the autoscaler in words. */
export function guardView(guard: GuardState, label: string): GuardView {
  const { weight: _, ...rest } = guard
  return { ...rest, tolerance: TOLERANCE, budget: budgetOf(guard), reason: reasonOf(guard, label) }
}

function budgetOf({ reactiveCost, weight }: GuardState): number {
  return weight > 0 ? (BUDGET_STEPS * reactiveCost) / weight : 0
}

function reasonOf({ control, planCost, reactiveCost, sinceStep }: GuardState, label: string): string {
  const share = reactiveCost > 0 ? planCost / reactiveCost - 1 : 0
  const against = `${(Math.abs(share) * 100).toFixed(1)}% ${share > 0 ? 'more' : 'less'} lately than ${label} would have`
  if (control === 'plan') return `The plan is in control: it cost ${against}.`
  return `The autoscaler is in control since step ${sinceStep}: the plan cost ${against}, past ${(TOLERANCE * 100).toFixed(0)}% and the start budget. It gets control back within ${(TOLERANCE * REGAINED_SHARE * 100).toFixed(0)}%.`
}
