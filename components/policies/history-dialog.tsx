import type { ComponentProps } from 'react'
import { Sheet } from '../ui/dialog.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { VersionList } from './version-list.tsx'

type Published = ComponentProps<typeof VersionList>['versions'][number]
type HistoryProps<V extends Published> = {
  title: string
  query: ComponentProps<typeof Loaded<V[]>>['query']
  changes: ComponentProps<typeof VersionList<V>>['changes']
  onClose: () => void
}

/** Every published version, newest first: who, when, why, and what it changed. */
export function HistoryDialog<V extends Published>({ title, query, changes, onClose }: HistoryProps<V>) {
  return (
    <Sheet onClose={onClose} wide title={title} description="Versions are never changed or deleted.">
      <Loaded what="The history" query={query} rows={4}>
        {(versions) => (
          <VersionList versions={versions} first="The first one that an admin publishes" changes={changes} />
        )}
      </Loaded>
    </Sheet>
  )
}
