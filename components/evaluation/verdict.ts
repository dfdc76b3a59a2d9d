import {
  REPLAY_POLICY_WORDS,
  type ReplayMoment,
  type ReplayOutcome,
  type ReplayPolicy,
  type ReplayReport,
} from '../../server/evaluation/contract.ts'
import { formatCount, formatMoney, formatNumber, formatPercent, formatQuantity } from '../ui/format.ts'
import { formatDayClock, formatDuration, type ZoneChoice } from '../ui/time.ts'

/** Policies that decide from the past alone, beside ours: what one could run instead. */
const rivals: readonly ReplayPolicy[] = ['hpa', 'hpa-offered', 'hpa-tuned', 'kpa', 'static', 'reactive-floor']

/** "0.86×", or a dash where nothing can be divided by. */
export function formatRatio(value: number, ours: number): string {
  return ours === 0 ? '–' : `${formatNumber(value / ours, 2)}×`
}

export const outcomeOf = (report: ReplayReport, policy: ReplayPolicy): ReplayOutcome | undefined =>
  report.outcomes.find((outcome) => outcome.policy === policy)

const titleOf = (policy: ReplayPolicy) => REPLAY_POLICY_WORDS[policy].title

/** What the numbers say, in sentences: how ours did, where another is better, and where capacity was short. */
export function verdictOf(report: ReplayReport, zone: ZoneChoice): string[] {
  const ours = outcomeOf(report, 'infrasage')
  if (ours === undefined) return ['InfraSage itself was not replayed, so that there is nothing to compare.']
  const others = report.outcomes.filter(({ policy }) => rivals.includes(policy))
  return [headline(ours, report), ...reactiveWins(ours, others), shortWords(report, zone)]
}

function headline(ours: ReplayOutcome, report: ReplayReport): string {
  const against = (['hpa-tuned', 'hpa', 'clairvoyant'] as const).flatMap((policy) => {
    const other = outcomeOf(report, policy)
    if (other === undefined || other.totalCostUsd === 0) return []
    const ratio = formatNumber(ours.totalCostUsd / other.totalCostUsd, 2)
    return [`${ratio}× ${titleOf(policy)}`]
  })
  const compared = against.length === 0 ? '' : `: ${against.join(', ')}`
  const late = formatPercent(ours.violationShareDemand, 1)
  return `InfraSage would have cost ${formatMoney(ours.totalCostUsd)} in all${compared}; ${late} of demand was served beyond the objective.`
}

/** Every rival that is better than ours in money, latency or violations, by how much. */
function reactiveWins(ours: ReplayOutcome, others: readonly ReplayOutcome[]): string[] {
  const wins = others.flatMap((other) => {
    const better: string[] = []
    if (other.totalCostUsd < ours.totalCostUsd) {
      better.push(`costs ${formatPercent(1 - other.totalCostUsd / ours.totalCostUsd, 1)} less`)
    }
    if (other.latencyP99Ms < ours.latencyP99Ms) {
      better.push(
        `is faster (p99 ${formatQuantity(other.latencyP99Ms, 'ms')} against ${formatQuantity(ours.latencyP99Ms, 'ms')})`,
      )
    }
    if (other.violationShareDemand < ours.violationShareDemand) {
      better.push(`serves fewer late (${formatPercent(other.violationShareDemand, 1)})`)
    }
    if (better.length === 0) return []
    const price = other.totalCostUsd > ours.totalCostUsd ? `, at ${ratioWords(other, ours)} the cost` : ''
    return [`${titleOf(other.policy)} ${join(better)}${price}.`]
  })
  return wins.length > 0 ? wins : ['No other policy that decides from the past alone is better in anything.']
}

const ratioWords = (other: ReplayOutcome, ours: ReplayOutcome) =>
  formatRatio(other.totalCostUsd, ours.totalCostUsd)

const join = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`

export type Shortfall = { from: number; to: number; worstAt: number; demand: number; capacity: number }

/** Spans of the chart in which demand, at its highest, was above the capacity of a policy, at its mean. */
export function shortfallsOf(
  { moments, momentSeconds, terms }: ReplayReport,
  policy: ReplayPolicy,
): Shortfall[] {
  const spans: Shortfall[] = []
  let open = false
  for (const moment of moments) {
    const short = shortAt(moment, policy, terms.capacityPerReplica)
    if (short === null) {
      open = false
      continue
    }
    const at = Date.parse(moment.at)
    const last = spans.at(-1)
    if (!open || last === undefined) {
      spans.push({ from: at, to: at + momentSeconds * 1_000, worstAt: at, ...short })
      open = true
      continue
    }
    last.to = at + momentSeconds * 1_000
    if (short.demand - short.capacity > last.demand - last.capacity)
      Object.assign(last, short, { worstAt: at })
  }
  return spans
}

function shortAt(
  { demand, ready }: ReplayMoment,
  policy: ReplayPolicy,
  capacityPerReplica: number,
): { demand: number; capacity: number } | null {
  const replicas = ready[policy]
  if (demand === null || replicas === undefined) return null
  const capacity = replicas * capacityPerReplica
  return demand > capacity ? { demand, capacity } : null
}

function shortWords(report: ReplayReport, zone: ZoneChoice): string {
  const spans = shortfallsOf(report, 'infrasage')
  const worst = spans.reduce<Shortfall | null>(
    (most, span) =>
      most === null || span.demand - span.capacity > most.demand - most.capacity ? span : most,
    null,
  )
  if (worst === null) return 'Its capacity was never below demand.'
  const seconds = spans.reduce((sum, { from, to }) => sum + (to - from) / 1_000, 0)
  const unit = report.terms.unit
  return `Its capacity was below the highest demand in ${formatCount(spans.length, 'span')}, ${formatDuration(seconds)} in all, most at ${formatDayClock(worst.worstAt, zone)}: ${formatQuantity(worst.demand, unit)} against ${formatQuantity(worst.capacity, unit)}.`
}
