'use client'
import type { ReplayPolicy, ReplayReport } from '../../server/evaluation/contract.ts'
import { useZone } from '../ui/clock.tsx'
import { formatCount, formatMoney, formatNumber, formatPercent, formatQuantity } from '../ui/format.ts'
import { Notice } from '../ui/states.tsx'
import { formatDayClock, formatDuration, zoneLabel } from '../ui/time.ts'
import { OutcomeTable } from './outcome-table.tsx'
import { ParetoSection } from './pareto-section.tsx'
import { ReplayChart } from './replay-chart.tsx'
import { verdictOf } from './verdict.ts'

/** One replay: what the numbers say, the table, the chart of cost and latency, and two policies over time. */
export function Report({
  report,
  one,
  other,
  onChoose,
}: {
  report: ReplayReport
  one: ReplayPolicy
  other: ReplayPolicy
  onChoose: (choice: { one?: ReplayPolicy; other?: ReplayPolicy }) => void
}) {
  const { zone } = useZone()
  const fileName = `replay-${report.workload.name}-${report.from.slice(0, 10)}-${report.to.slice(0, 10)}`
  const from = Date.parse(report.from)
  const to = Date.parse(report.to)
  return (
    <div className="flex flex-col gap-6 px-4 pt-3">
      <section aria-label="What it says">
        <p className="num mb-1 text-muted text-xs">
          {report.workload.title}, {formatDayClock(from, zone)} to {formatDayClock(to, zone)}{' '}
          {zoneLabel(zone, to)}
        </p>
        {report.otherPools > 0 ? (
          <Notice tone="wait" title="The leading pool alone is replayed">
            {`All of the demand meets ${replayedPool(report)}. ${formatCount(report.otherPools, 'other pool')} that ${report.otherPools === 1 ? 'shares' : 'share'} it in fact ${report.otherPools === 1 ? 'is' : 'are'} left out, for every policy alike: where demand passes this pool, cost and late demand are those of too small a pool, not of the workload.`}
          </Notice>
        ) : null}
        <ul className="mt-2 max-w-[100ch] text-base">
          {verdictOf(report, zone).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p className="mt-1 max-w-[110ch] text-muted text-xs">{groundsOf(report)}</p>
      </section>
      <OutcomeTable report={report} fileName={fileName} />
      <ParetoSection report={report} fileName={fileName} />
      <ReplayChart report={report} {...{ one, other, onChoose, fileName }} />
    </div>
  )
}

const replayedPool = ({ terms }: ReplayReport): string =>
  `${terms.minReplicas} to ${formatNumber(terms.maxReplicas)} ${terms.hardwareClass} in ${terms.domainTitle}`

/** What every policy was held to, and how much of it was measured. */
function groundsOf({ terms, steps, gapSteps, historySteps, stepSeconds }: ReplayReport): string {
  const lead =
    terms.leadTimeP50Seconds === terms.leadTimeP90Seconds
      ? formatDuration(terms.leadTimeP50Seconds)
      : `${formatDuration(terms.leadTimeP50Seconds)} (p90 ${formatDuration(terms.leadTimeP90Seconds)})`
  const gaps =
    gapSteps === 0 ? 'all measured' : `${formatPercent(gapSteps / steps, 1)} not measured and not scored`
  return [
    `Measured: demand, in ${formatCount(steps, 'step')} of ${formatDuration(stepSeconds)} (${gaps}), after ${formatDuration(historySteps * stepSeconds)} to learn from.`,
    `Modelled: latency, from ${formatQuantity(terms.capacityPerReplica, terms.unit)} per replica and an objective of ${formatQuantity(terms.objectiveP99Ms, 'ms')}; lead time ${lead}, and ours waits ${formatDuration(terms.approvalLeadSeconds)} for approval, where autoscalers order at once.`,
    `Prices: ${formatMoney(terms.pricePerReplicaHourUsd, { per: 'h' })} per ${terms.hardwareClass} in ${terms.domainTitle}, a replica-hour short counts ${formatNumber(terms.penaltyRatio)}×; ${terms.minReplicas} to ${terms.maxReplicas} replicas.`,
  ].join(' ')
}
