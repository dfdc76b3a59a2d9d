import type { CandidateView, GuardView } from '../contract/control.ts'

/** Candidates that are worth naming, and the share from which one is. */
const NAMED = 3
const NAMED_SHARE = 0.05
/** From here on the autoscaler's share makes no difference. */
const SURE = 0.95

/**
 * Why the advice is what it is, most important first. `candidates`: most trusted first; `trust`: share of the say that
 * their mean has beside the autoscaler; null before control is taken.
 */
export function reasonsOf(
  candidates: readonly CandidateView[],
  guard: GuardView,
  trust: number | null,
): string[] {
  const [leader] = candidates
  if (leader === undefined) return [guard.reason]
  const named = candidates.slice(0, NAMED).filter(({ weight }) => weight >= NAMED_SHARE)
  const cheapest = candidates.reduce((best, each) => (each.recentCost < best.recentCost ? each : best))
  const shares = named.map(
    ({ label, weight, position }) => `${label} (${(weight * 100).toFixed(0)}%, ${position} replicas)`,
  )
  return [
    guard.reason,
    `The position is a mean of what did best so far: ${shares.join('; ')}.`,
    ...(trust === null ? [] : [trustReason(trust)]),
    `Lately the cheapest would have been ${cheapest.label}, at ${cheapest.recentCost.toFixed(2)} against ${guard.reactiveCost.toFixed(2)} for the autoscaler.`,
  ]
}

function trustReason(trust: number): string {
  return trust < SURE
    ? `What is known so far gives the plan ${(trust * 100).toFixed(0)}% of the say, the autoscaler beside it the rest.`
    : 'What is known so far is enough to let the plan decide.'
}
