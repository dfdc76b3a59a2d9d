'use client'
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { ReplayReport } from '../../server/evaluation/contract.ts'
import { download, toCsv } from '../charts/csv.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type Sort } from '../ui/data-table.tsx'
import { Section } from '../ui/facts.tsx'
import { useSort } from '../ui/use-sort.ts'
import { measures, outcomeColumns } from './outcome-columns.tsx'
import { outcomeOf } from './verdict.ts'

/** As the server gives them: ours first, the baselines, then the optima. */
const asGiven: Sort = { id: 'given', direction: 'asc' }

/** Every policy over the same demand, prices and lead times, beside how many times ours it comes to. */
export function OutcomeTable({ report, fileName }: { report: ReplayReport; fileName: string }) {
  const [sort, setSort] = useSort(asGiven)
  const ours = outcomeOf(report, 'infrasage')
  const columns = useMemo(() => outcomeColumns(ours), [ours])
  const save = () =>
    download(
      `${fileName}.csv`,
      toCsv(
        ['policy', 'note', ...measures.flatMap(({ id }) => [id, `${id} over ours`])],
        report.outcomes.map((outcome) => [
          outcome.policy,
          outcome.note,
          ...measures.flatMap(({ of }) => [
            of(outcome),
            ours === undefined || of(ours) === 0 ? null : of(outcome) / of(ours),
          ]),
        ]),
      ),
    )
  return (
    <Section
      title="Every policy over the same window"
      aside={
        <Button variant="quiet" size="sm" onClick={save}>
          <Download aria-hidden />
          CSV
        </Button>
      }
    >
      <DataTable
        label="Policies"
        rows={report.outcomes}
        columns={columns}
        rowKey={({ policy }) => policy}
        sort={sort.id === 'given' ? null : sort}
        onSort={(next) => void setSort(next)}
        empty={null}
        className="border-t"
      />
      <p className="mt-1 text-muted text-xs">
        The number before a value is how many times ours it is. Late: share of demand whose modelled p99 is
        beyond the objective. Cost: replicas, what the policy takes a shortfall for, and starts and removals.
      </p>
      {report.skipped.length > 0 ? (
        <ul className="mt-1 text-muted text-xs">
          {report.skipped.map(({ policy, reason }) => (
            <li key={policy}>
              Not replayed: {policy}. {reason}
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}
