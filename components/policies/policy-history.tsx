'use client'
import { useQuery } from '@tanstack/react-query'
import type { PolicyVersion } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { Moment } from '../ui/clock.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { ChangeTable } from './change-table.tsx'
import { policyChanges } from './policy-fields.ts'

/** Every version, newest first: who, when, why, and what it changed. */
export function PolicyHistory({ workloadId }: { workloadId: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.policy.history.queryOptions({ workloadId }))
  return (
    <Loaded what="The history" query={query} rows={4}>
      {(versions) => <Versions versions={versions} />}
    </Loaded>
  )
}

function Versions({ versions }: { versions: readonly PolicyVersion[] }) {
  if (versions.length === 0) {
    return (
      <EmptyState title="No version yet" className="px-0">
        The first one that an admin puts in force appears here, with the reason.
      </EmptyState>
    )
  }
  return (
    <ol className="flex flex-col gap-6">
      {versions.map((version, index) => (
        <li key={version.version}>
          <h3 className="font-medium">
            Version <span className="num">{version.version}</span>
          </h3>
          <p className="text-muted">
            <Moment at={version.createdAt} /> by {version.author}: {version.reason}
          </p>
          <ChangeTable changes={policyChanges(versions[index + 1] ?? null, version)} />
        </li>
      ))}
    </ol>
  )
}
