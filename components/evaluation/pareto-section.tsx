'use client'
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import { type ParetoPoint, REPLAY_POLICY_WORDS, type ReplayReport } from '../../server/evaluation/contract.ts'
import { download, toCsv } from '../charts/csv.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatPercent, formatQuantity } from '../ui/format.ts'
import { useSort } from '../ui/use-sort.ts'
import { ParetoChart } from './pareto-chart.tsx'

const cheapestFirst: Sort = { id: 'paid', direction: 'asc' }

/** From this share of late demand on, a cheap point is no choice for anybody, efficient or not. */
const mostlyLate = 0.5

const columns: Column<ParetoPoint>[] = [
  {
    id: 'policy',
    header: 'policy',
    sortBy: ({ policy }) => REPLAY_POLICY_WORDS[policy].title,
    cell: ({ policy, inForce }) => (
      <span className={inForce ? 'font-medium' : 'text-muted'}>{REPLAY_POLICY_WORDS[policy].title}</span>
    ),
  },
  {
    id: 'setting',
    header: 'setting',
    className: 'px-2',
    cell: ({ setting }) => (
      <span className="block max-w-[12ch] truncate" title={setting}>
        {setting}
      </span>
    ),
  },
  {
    id: 'paid',
    header: 'paid',
    align: 'right',
    className: 'px-2',
    sortBy: ({ paidCostUsd }) => paidCostUsd,
    cell: ({ paidCostUsd }) => formatMoney(paidCostUsd),
  },
  {
    id: 'p99',
    header: 'p99',
    align: 'right',
    className: 'px-2',
    sortBy: ({ latencyP99Ms }) => latencyP99Ms,
    cell: ({ latencyP99Ms }) => formatQuantity(latencyP99Ms, 'ms'),
  },
  {
    id: 'late',
    header: 'late',
    align: 'right',
    className: 'px-2',
    sortBy: ({ violationShareDemand }) => violationShareDemand,
    cell: ({ violationShareDemand }) => formatPercent(violationShareDemand, 2),
  },
  {
    id: 'frontier',
    header: 'frontier',
    className: 'px-2',
    cell: ({ efficient, violationShareDemand }) =>
      efficient ? (
        violationShareDemand > mostlyLate ? (
          <Badge tone="breach">mostly late</Badge>
        ) : (
          <Badge>on it</Badge>
        )
      ) : null,
  },
]

/** Cost against latency as a picture, and the same as a table under it. */
export function ParetoSection({ report, fileName }: { report: ReplayReport; fileName: string }) {
  const [sort, setSort] = useSort(cheapestFirst, 'order')
  const points = useMemo(
    () => report.pareto.map((point, i) => ({ ...point, key: String(i) })),
    [report.pareto],
  )
  const save = () =>
    download(
      `${fileName}-pareto.csv`,
      toCsv(
        ['policy', 'setting', 'paid usd', 'total usd', 'p99 ms', 'late share', 'in force', 'efficient'],
        report.pareto.map((point) => [
          point.policy,
          point.setting,
          point.paidCostUsd,
          point.totalCostUsd,
          point.latencyP99Ms,
          point.violationShareDemand,
          String(point.inForce),
          String(point.efficient),
        ]),
      ),
    )
  return (
    <Section
      title="Cost against latency"
      aside={
        <Button variant="quiet" size="sm" onClick={save}>
          <Download aria-hidden />
          CSV
        </Button>
      }
    >
      <div className="grid gap-x-8 gap-y-2 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.3fr)]">
        <figure aria-label="Cost against latency" className="min-w-0">
          <ParetoChart points={report.pareto} objectiveP99Ms={report.terms.objectiveP99Ms} />
          <figcaption className="mt-2 text-muted text-xs">
            Square: ours. Circle: other policies, at several settings; the one in force has a number. Diamond:
            with the future known. Dotted: no policy that decides from the past alone is both cheaper and
            faster; what is mostly late is cheap for that reason alone.
          </figcaption>
        </figure>
        <DataTable
          label="Cost against latency, as numbers"
          rows={points}
          columns={columns}
          rowKey={({ key }) => key}
          sort={sort}
          onSort={(next) => void setSort(next)}
          empty={null}
          className="max-h-[360px] border-t"
        />
      </div>
    </Section>
  )
}
