import { REPLAY_POLICY_WORDS, type ReplayOutcome } from '../../server/evaluation/contract.ts'
import { Badge } from '../ui/badge.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatMoney, formatNumber, formatPercent, formatQuantity } from '../ui/format.ts'
import { formatRatio } from './verdict.ts'

type Measure = {
  id: string
  header: string
  of: (outcome: ReplayOutcome) => number
  format: (value: number) => string
}

/** What is compared, in the order of the table; the file has the same. */
export const measures: readonly Measure[] = [
  { id: 'p99', header: 'p99', of: (o) => o.latencyP99Ms, format: (v) => formatQuantity(v, 'ms') },
  { id: 'late', header: 'late', of: (o) => o.violationShareDemand, format: (v) => formatPercent(v, 2) },
  { id: 'total', header: 'cost', of: (o) => o.totalCostUsd, format: (v) => formatMoney(v) },
  { id: 'infra', header: 'replicas', of: (o) => o.infraCostUsd, format: (v) => formatMoney(v) },
  { id: 'penalty', header: 'penalty', of: (o) => o.penaltyCostUsd, format: (v) => formatMoney(v) },
  { id: 'churn', header: 'churn', of: (o) => o.churnCostUsd, format: (v) => formatMoney(v) },
  { id: 'starts', header: 'starts', of: (o) => o.starts, format: (v) => formatNumber(v) },
  { id: 'stops', header: 'stops', of: (o) => o.removals, format: (v) => formatNumber(v) },
  { id: 'carbon', header: 'carbon', of: (o) => o.carbonKg, format: (v) => formatQuantity(v, 'kg') },
]

/** One column for each measure: the value, and before it how many times ours it is. */
export function outcomeColumns(ours: ReplayOutcome | undefined): Column<ReplayOutcome>[] {
  return [
    {
      id: 'policy',
      header: 'policy',
      cell: ({ policy, note }) => (
        <span className="flex items-center gap-2" title={REPLAY_POLICY_WORDS[policy].what}>
          <span className={policy === 'infrasage' ? 'font-semibold' : undefined}>
            {REPLAY_POLICY_WORDS[policy].title}
          </span>
          {policy === 'infrasage' ? <Badge tone="action">ours</Badge> : null}
          {note ? (
            <span className="max-w-[13ch] truncate text-faint text-xs" title={note}>
              {note}
            </span>
          ) : null}
        </span>
      ),
    },
    ...measures.map(
      ({ id, header, of, format }): Column<ReplayOutcome> => ({
        id,
        header,
        align: 'right',
        className: 'px-2',
        sortBy: of,
        cell: (outcome) => (
          <span className="inline-flex items-baseline justify-end gap-1.5">
            {ours === undefined || outcome === ours || of(ours) === 0 ? null : (
              <span className="text-faint text-xs">{formatRatio(of(outcome), of(ours))}</span>
            )}
            {format(of(outcome))}
          </span>
        ),
      }),
    ),
  ]
}
