import type { ControllerStateView } from '../../server/plan/contract.ts'
import { formatPercent } from '../ui/format.ts'
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
