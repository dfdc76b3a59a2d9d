'use client'
import { useQuery } from '@tanstack/react-query'
import type { SceneListing } from '../../server/scenes/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { SceneRow } from './scene-row.tsx'

/** What the simulated cloud can play: a story each, what will be seen of it, and how its newest run stands. */
export function ScenesPage() {
  const trpc = useTRPC()
  const query = useQuery(trpc.scene.list.queryOptions())
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title="Scenes" />
      <p className="max-w-prose px-4 pb-3 text-muted">
        A scene plays on the simulated cloud, in real time. It declares workloads and places of its own, and
        what it proposes comes to the inbox like anything else.
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Loaded what="Scenes" query={query} rows={8}>
          {(listing) => <Listing listing={listing} onRetry={() => void query.refetch()} />}
        </Loaded>
      </div>
    </div>
  )
}

function Listing({ listing, onRetry }: { listing: SceneListing; onRetry: () => void }) {
  if (!listing.available) {
    return (
      <EmptyState
        title="No scene can be played at the moment"
        action={<Button onClick={onRetry}>Look again</Button>}
      >
        {listing.why}
      </EmptyState>
    )
  }
  return (
    <ul className="border-t">
      {listing.scenes.map((scene) => (
        <SceneRow key={scene.name} scene={scene} />
      ))}
    </ul>
  )
}
