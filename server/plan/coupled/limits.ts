import type { CapacitySnapshot, PlanInput, PolicyResult } from '../contract.ts'
import { judgeOf } from '../judge.ts'
import { poolAction } from '../pool-action.ts'
import { refusals } from '../rules/nearest.ts'
import { isStale } from '../timing.ts'

/** Bounds that a programme holds as linear rules over all pools; one pool's action alone cannot be judged by them. */
const linear = new Set<PolicyResult['rule']>([
  'min-replicas',
  'max-replicas',
  // Nodes are ordered beside it.
  'node-room',
  'cost-limit',
  'cost-per-hour',
  'cost-per-month',
  'spot-share',
  'carbon',
])

/**
 * How far each pool may go: its quota, the step limits, and whatever rule is about the place or the time, found by asking
 * the rules themselves.
 */
export function poolLimits(
  input: PlanInput,
  pools: readonly CapacitySnapshot[],
): { lower: number; upper: number }[] {
  const judge = judgeOf(input)
  return pools.map((pool) => {
    const { desiredReplicas: current, offering } = pool
    const passes = (level: number) =>
      refusals(judge({ actions: [poolAction(pool, level, input.workload.id)] })).every(({ rule }) =>
        linear.has(rule),
      )
    const most = Math.max(current, offering.quotaReplicas)
    return {
      lower: current - furthest(current, (by) => passes(current - by)),
      upper: current + furthest(most - current, (by) => passes(current + by)),
    }
  })
}

/** Largest step up to `most` that passes, where smaller ones pass as well. */
function furthest(most: number, passes: (by: number) => boolean): number {
  if (most <= 0 || !passes(1)) return 0
  let fits = 1
  let fails = most + 1
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1
    if (passes(middle)) fits = middle
    else fails = middle
  }
  return fits
}

/** Why nothing of the workload may be taken away now; null where it may. */
export function keepReason(input: PlanInput, pools: readonly CapacitySnapshot[]): string | null {
  if (input.lastSampleAt === null) return 'Telemetry is not believed: nothing is taken away.'
  if (isStale(input)) return 'Telemetry is stale: nothing is taken away.'
  if (pools.some(({ readyReplicas, desiredReplicas }) => readyReplicas < desiredReplicas))
    return 'Capacity is still on its way; nothing is taken away before it arrived.'
  const since =
    input.lastChangeAt === null ? Infinity : Date.parse(input.now) - Date.parse(input.lastChangeAt)
  return since < input.policy.scaleDownCooldownSeconds * 1_000
    ? 'The cooldown after the last change is not over.'
    : null
}
