import type { PlanContent } from '../plan/contract.ts'
import { touchedPools } from './contract.ts'

/** What the actions of a plan write, in the order of the pools. */
export function touchedTargets(content: Pick<PlanContent, 'actions' | 'evidence'>): string[] {
  return touchedPools(content).map(({ targetId }) => targetId)
}

/** A proposal's own workload and every other one whose pools its actions touch, in the order in which they are locked. */
export function touchedWorkloads(workloadId: string, { actions }: Pick<PlanContent, 'actions'>): string[] {
  return [...new Set([workloadId, ...actions.map((action) => action.workloadId ?? workloadId)])].sort()
}
