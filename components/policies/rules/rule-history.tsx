'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../api/provider.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { VersionList } from '../version-list.tsx'
import { RuleDifferences } from './rule-differences.tsx'

/** Every published version, newest first: who, when, why, and what it changed. */
export function RuleHistory({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.rules.history.queryOptions({}))
  return (
    <Dialog
      open
      onOpenChange={onClose}
      side="right"
      wide
      title="History of the rules"
      description="Versions are never changed or deleted."
    >
      <Loaded what="The history" query={query} rows={4}>
        {(versions) => (
          <VersionList
            versions={versions}
            first="The first one that an admin publishes"
            changes={({ differences }) => <RuleDifferences differences={differences} />}
          />
        )}
      </Loaded>
    </Dialog>
  )
}
