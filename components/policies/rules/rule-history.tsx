'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../../api/provider.tsx'
import { Moment } from '../../ui/clock.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState } from '../../ui/states.tsx'
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
        {(versions) =>
          versions.length === 0 ? (
            <EmptyState title="No version yet" className="px-0">
              The first one that an admin publishes appears here, with the reason.
            </EmptyState>
          ) : (
            <ol className="flex flex-col gap-6">
              {versions.map((version) => (
                <li key={version.version}>
                  <h3 className="font-medium">
                    Version <span className="num">{version.version}</span>
                  </h3>
                  <p className="mb-2 text-muted">
                    <Moment at={version.createdAt} /> by {version.author}: {version.reason}
                  </p>
                  <RuleDifferences differences={version.differences} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Dialog>
  )
}
