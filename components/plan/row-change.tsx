import type { ProposalRow } from '../../server/governance/contract.ts'
import { formatChange, formatCount, formatSigned } from '../ui/format.ts'
import { purposeName } from './words.ts'

/** Where a row acts; of several pools, what becomes of each: "5 → 7 on cloud-a on demand, 0 → 3 on cloud-b spot, …". */
export function RowPlace({
  row: { kind, place, actionCount, summary, workload },
  className,
}: {
  row: Pick<ProposalRow, 'kind' | 'place' | 'actionCount' | 'summary' | 'workload'>
  className?: string
}) {
  if (kind === 'rollback') return <span className={className}>roll back, {place}</span>
  if (actionCount <= 1) return <span className={className}>{place}</span>
  const each = summary.startsWith(`${workload.name}: `) ? summary.slice(workload.name.length + 2) : summary
  return (
    <span className={className} title={each}>
      {each}
    </span>
  )
}

type Row = Pick<
  ProposalRow,
  'purpose' | 'direction' | 'actionCount' | 'workloadCount' | 'fromReplicas' | 'toReplicas'
>

/** The change of the one pool that moves, "12 → 19", or what the plan is for; `by` writes the difference behind it. */
export function RowChange({ row, by = false }: { row: Row; by?: boolean }) {
  if (row.actionCount <= 1 && row.direction !== 'stop' && row.fromReplicas !== row.toReplicas) {
    return (
      <span className="num whitespace-nowrap">
        {formatChange(row.fromReplicas, row.toReplicas)}
        {by ? <span className="text-muted"> ({formatSigned(row.toReplicas - row.fromReplicas)})</span> : null}
      </span>
    )
  }
  return (
    <span className="whitespace-nowrap">
      {purposeName(row.purpose)}
      <span className="text-muted">
        {row.actionCount > 1 ? ` · ${formatCount(row.actionCount, 'action')}` : ''}
        {row.workloadCount > 1 ? ` · ${formatCount(row.workloadCount, 'workload')}` : ''}
      </span>
    </span>
  )
}
