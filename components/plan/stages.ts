import type { Action, CapacitySnapshot, PlanContent } from '../../server/plan/contract.ts'

/** Actions that are carried out together; `number` counts from 1. */
export type Stage = { number: number; actions: Action[] }

/** The actions in the order in which they are carried out: a stage begins when all of the one before stood verified. */
export function stagesOf(actions: readonly Action[]): Stage[] {
  const numbers = [...new Set(actions.map(({ stage }) => stage ?? 0))].sort((a, b) => a - b)
  return numbers.map((stage, i) => ({
    number: i + 1,
    actions: actions.filter((action) => (action.stage ?? 0) === stage),
  }))
}

/** The pool that an action writes, as the plan saw it. */
export function poolOf(
  { evidence }: Pick<PlanContent, 'evidence'>,
  { poolId }: Pick<Action, 'poolId'>,
): CapacitySnapshot | undefined {
  return [evidence.capacity, ...(evidence.otherPools ?? [])].find((pool) => pool.poolId === poolId)
}

/** Whether the screen needs more than one line for it: several actions, or one that does not scale a pool. */
export function isStaged(actions: readonly Action[]): boolean {
  return actions.length > 1 || actions.some(({ kind }) => kind !== 'scale')
}

/** The most that is paid per hour while the actions are on their way. */
export function peakCostOf({ effect }: Pick<PlanContent, 'effect'>): number {
  const before = effect.costPerHourUsd - effect.costChangePerHourUsd
  return effect.peakCostPerHourUsd ?? Math.max(before, effect.costPerHourUsd)
}

/** What takes it back, or null where nothing can; a plan of one scaling swaps from and to. */
export function inverseOf({ actions, inverse }: Pick<PlanContent, 'actions' | 'inverse'>): Action[] | null {
  if (inverse !== undefined) return inverse
  return actions.map((action) => ({
    ...action,
    fromReplicas: action.toReplicas,
    toReplicas: action.fromReplicas,
  }))
}
