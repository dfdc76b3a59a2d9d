import { type Action, type CapacitySnapshot, type PlanContent, serves } from '../../server/plan/contract.ts'

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

/** Units of demand that the pools of a plan carry: ready now, with what is on its way, and once the actions stand. */
export function capacitiesOf({ actions, evidence }: Pick<PlanContent, 'actions' | 'evidence'>): {
  ready: number
  desired: number
  planned: number
} {
  const { capacity, otherPools = [] } = evidence
  const own = capacity.workloadId
  const pools = [capacity, ...otherPools].filter(
    (pool) => serves(pool) && (pool.workloadId === undefined || own === undefined || pool.workloadId === own),
  )
  const sum = (of: (pool: CapacitySnapshot) => number) =>
    pools.reduce((total, pool) => total + of(pool) * pool.capacityPerReplica, 0)
  const planned = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  return {
    ready: sum(({ readyReplicas }) => readyReplicas),
    desired: sum(({ desiredReplicas }) => desiredReplicas),
    planned: sum(({ poolId, desiredReplicas }) => planned.get(poolId) ?? desiredReplicas),
  }
}
