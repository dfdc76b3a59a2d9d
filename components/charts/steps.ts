import type { PlanContent } from '../../server/plan/contract.ts'
import { capacitiesOf } from '../plan/stages.ts'

/** A value that holds from `at` until the next step. Times in milliseconds, values in the unit of demand. */
export type Step = { at: number; value: number }

/** Capacity over time: what serves, what is on its way without deciding anything, and what the proposal makes of it. */
export type CapacitySteps = { ready: Step[]; inFlight: Step[]; proposed: Step[] }

/** The value in force at a moment; undefined before the first step. Steps ascend in time. */
export function stepAt(steps: readonly Step[], at: number): number | undefined {
  let value: number | undefined
  for (const step of steps) {
    if (step.at > at) break
    value = step.value
  }
  return value
}

/** Joins equal neighbours, so that a line has a corner only where something changed. */
export function compactSteps(steps: readonly Step[]): Step[] {
  return steps.filter((step, i) => i === 0 || step.value !== steps[i - 1]?.value)
}

/** Capacity in the past: replicas that were ready, times what each carries. */
export function readySteps(
  points: readonly { at: string; value: number | null }[],
  capacityPerReplica: number,
): Step[] {
  const known = points.flatMap((point) =>
    point.value === null ? [] : [{ at: Date.parse(point.at), value: point.value * capacityPerReplica }],
  )
  return compactSteps(known)
}

/**
 * Capacity ahead, as the plan counted on it: replicas in flight arrive within the p90 of the lead time after the
 * observation; what the proposal adds or takes away is there at its own p90.
 */
export function plannedSteps(
  content: Pick<PlanContent, 'evidence' | 'effect' | 'actions'>,
): CapacitySteps & { from: number } {
  const { capacity } = content.evidence
  const observedAt = Date.parse(capacity.observedAt)
  const arrival = observedAt + capacity.offering.leadTimeP90Seconds * 1_000
  const { ready, desired: settled, planned } = capacitiesOf(content)
  const changes = content.actions.length > 0
  const proposed = changes ? [{ at: Date.parse(content.effect.readyAtP90), value: planned }] : []
  return {
    from: observedAt,
    ready: [{ at: observedAt, value: ready }],
    inFlight: settled === ready ? [] : [{ at: arrival, value: settled }],
    proposed,
  }
}
