'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../api/provider.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { ChangeTable } from './change-table.tsx'
import { policyChanges } from './policy-fields.ts'
import { VersionList } from './version-list.tsx'

/** Every version of a workload's policy, newest first. */
export function PolicyHistory({ workloadId }: { workloadId: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.policy.history.queryOptions({ workloadId }))
  return (
    <Loaded what="The history" query={query} rows={4}>
      {(versions) => (
        <VersionList
          versions={versions}
          first="The first one that an admin puts in force"
          changes={(version, before) => <ChangeTable changes={policyChanges(before, version)} />}
        />
      )}
    </Loaded>
  )
}
