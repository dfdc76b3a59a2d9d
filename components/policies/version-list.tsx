import type { ReactNode } from 'react'
import { Moment } from '../ui/clock.tsx'
import { EmptyState } from '../ui/states.tsx'

type Version = { version: number; createdAt: string; author: string; reason: string }

/** Every version, newest first: who, when, why, and what it changed. `first`: what the first one will be. */
export function VersionList<V extends Version>({
  versions,
  first,
  changes,
}: {
  versions: readonly V[]
  first: string
  /** `before`: the version that it followed; null for the first. */
  changes: (version: V, before: V | null) => ReactNode
}) {
  if (versions.length === 0) {
    return (
      <EmptyState title="No version yet" className="px-0">
        {first} appears here, with the reason.
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
          <p className="mb-2 text-muted">
            <Moment at={version.createdAt} /> by {version.author}: {version.reason}
          </p>
          {changes(version, versions[index + 1] ?? null)}
        </li>
      ))}
    </ol>
  )
}
