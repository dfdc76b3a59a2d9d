import type { CapacitySnapshot, PlanContent } from '../plan/contract.ts'

/** The pools that the actions of a plan write; of one without actions the leading pool, which it leaves as it is. */
export function touchedPools({
  actions,
  evidence,
}: Pick<PlanContent, 'actions' | 'evidence'>): CapacitySnapshot[] {
  const { capacity, otherPools = [] } = evidence
  if (actions.length === 0) return [capacity]
  const targets = new Set(actions.map(({ targetId }) => targetId))
  return [capacity, ...otherPools].filter(({ targetId }) => targets.has(targetId))
}

/** What the actions of a plan write, in the order of the pools. */
export function touchedTargets(content: Pick<PlanContent, 'actions' | 'evidence'>): string[] {
  return touchedPools(content).map(({ targetId }) => targetId)
}

/** A proposal's own workload and every other one whose pools its actions touch, in the order in which they are locked. */
export function touchedWorkloads(workloadId: string, { actions }: Pick<PlanContent, 'actions'>): string[] {
  return [...new Set([workloadId, ...actions.map((action) => action.workloadId ?? workloadId)])].sort()
}
