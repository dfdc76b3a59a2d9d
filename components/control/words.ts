import type { ControllerStateView, PolicyInForce } from '../../server/plan/contract.ts'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { formatClock, formatDayClock, type ZoneChoice } from '../ui/time.ts'

/** "an autoscaler at 60 % utilisation, 300 s before it scales in" */
export function autoscalerWords(name: string): string {
  const parts = /^hpa-([\d.]+)-(\d+)$/.exec(name)
  if (parts === null) return `the autoscaler ${name}`
  return `an autoscaler at ${formatPercent(Number(parts[1]))} utilisation, ${parts[2]} s before it scales in`
}

/** "4.1 % more than", "3 % less than", "the same as". */
export function costAgainst({
  planCostUsd,
  reactiveCostUsd,
}: Pick<ControllerStateView, 'planCostUsd' | 'reactiveCostUsd'>): string {
  if (reactiveCostUsd <= 0 || planCostUsd === reactiveCostUsd) return 'the same as'
  const share = planCostUsd / reactiveCostUsd - 1
  return `${formatPercent(Math.abs(share), 1)} ${share > 0 ? 'more than' : 'less than'}`
}

const dayMs = 86_400_000

/** "14:05" today, "21 Nov 14:05" before. */
export const sinceWords = (since: string, now: number, zone: ZoneChoice): string => {
  const at = Date.parse(since)
  return now - at < dayMs / 2 ? formatClock(at, zone) : formatDayClock(at, zone)
}

/** Who has control, since when and why, in a sentence or two. */
export function controlWords(state: ControllerStateView, now: number, zone: ZoneChoice): string {
  const against = `its recent cost was ${costAgainst(state)} that of ${autoscalerWords(state.reactive)}`
  const since = state.since === null ? '' : ` since ${sinceWords(state.since, now, zone)}`
  if (state.control === 'reactive') {
    return `Control is with the reactive shadow${since}: the plan went past what is tolerated, ${against}. It gets control back within ${formatPercent(state.regainedAt)}.`
  }
  return `The plan is in control${since}; ${against}.`
}

/** What levels follow at present. */
export type LevelRule = { name: string; why: string }

/**
 * Which rule sets the level that is proposed now, and why: the quantile that the policy serves, the controller once it has seen
 * enough, or the autoscaler while it has control. `policy`: null where none is known.
 */
export function levelRule(
  { control, steps, stepsNeeded }: Pick<ControllerStateView, 'control' | 'steps' | 'stepsNeeded'>,
  policy: Pick<PolicyInForce, 'penaltyRatio' | 'automationLevel'> | null,
): LevelRule {
  if (policy?.automationLevel === 'observe')
    return { name: 'none: nothing is proposed', why: 'the automation level is “observe”' }
  if (control === 'reactive')
    return {
      name: 'the autoscaler’s level',
      why: 'the reactive shadow has control; rises and falls follow it within the bounds',
    }
  const seen = `${formatNumber(steps)} of ${formatNumber(stepsNeeded)} steps`
  if (steps >= stepsNeeded)
    return {
      name: 'what the controller asks for',
      why: `it has seen ${formatNumber(steps)} steps, ${formatNumber(stepsNeeded)} are needed; never below what the 75 % quantile needs, nor above the 99 %`,
    }
  const quantile = policy === null ? 'served' : formatPercent(1 - 1 / policy.penaltyRatio)
  return {
    name: `the ${quantile} quantile of the forecast`,
    why: `the controller is still learning: ${seen}, at least a day; then rises follow it`,
  }
}
