'use client'
import { useQuery } from '@tanstack/react-query'
import type { ApprovalDifference } from '../../../server/governance/contract.ts'
import { useTRPC } from '../../api/provider.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { VersionList } from '../version-list.tsx'

/** Every published version, newest first: who, when, why, and what it changed. */
export function ApprovalHistory({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.approvals.history.queryOptions({}))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      side="right"
      wide
      title="History of the rules of approval"
      description="Versions are never changed or deleted."
    >
      <Loaded what="The history" query={query} rows={4}>
        {(versions) => (
          <VersionList
            versions={versions}
            first="The first one that an admin publishes"
            changes={({ differences }) => <Differences differences={differences} />}
          />
        )}
      </Loaded>
    </Dialog>
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
