'use client'
import { useQuery } from '@tanstack/react-query'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Moment } from '../ui/clock.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { ChangeTable } from './change-table.tsx'
import { policyChanges } from './policy-fields.ts'

/** Every version, newest first: who, when, why, and what it changed. */
export function PolicyHistory({ workloadId }: { workloadId: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.policy.history.queryOptions({ workloadId }))
  if (!query.data) {
    return query.error ? (
      <ErrorState
        what="The history"
        error={{ message: errorMessageOf(query.error) }}
        onRetry={() => void query.refetch()}
      />
    ) : (
      <SkeletonRows rows={4} />
    )
  }
  if (query.data.length === 0) {
    return (
      <EmptyState title="No version yet" className="px-0">
        The first one that an admin puts in force appears here, with the reason.
      </EmptyState>
    )
  }
  return (
    <ol className="flex flex-col gap-6">
      {query.data.map((version, index) => (
        <li key={version.version}>
          <h3 className="font-medium">
            Version <span className="num">{version.version}</span>
          </h3>
          <p className="text-muted">
            <Moment at={version.createdAt} /> by {version.author}: {version.reason}
          </p>
          <ChangeTable changes={policyChanges(query.data[index + 1] ?? null, version)} />
        </li>
      ))}
    </ol>
  )
}
