import type { ProposalRow } from '../../server/governance/contract.ts'
import { formatChange, formatCount, formatSigned } from '../ui/format.ts'
import { purposeName } from './words.ts'

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
