'use client'
import { useQuery } from '@tanstack/react-query'
import type { ApprovalDifference } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { HistoryDialog } from '../history-dialog.tsx'

/** Every published version of the rules of approval. */
export function ApprovalHistory({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  return (
    <HistoryDialog
      title="History of the rules of approval"
      query={useQuery(trpc.approvals.history.queryOptions({}))}
      changes={({ differences }) => <Differences differences={differences} />}
      onClose={onClose}
    />
  )
}

/** What differs, before and after, in words. */
export function Differences({ differences }: { differences: readonly ApprovalDifference[] }) {
  return (
    <dl className="flex flex-col border-t">
      {differences.map(({ what, before, after }) => (
        <div key={what} className="border-b py-1.5 last:border-b-0">
          <dt className="font-medium">{what}</dt>
          <dd className="text-muted">
            {before === null ? 'added' : <s>{before}</s>}
            {after === null ? ', taken out' : <span className="block text-ink">{after}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
