'use client'
import { useQuery } from '@tanstack/react-query'
import { Cable, Plus } from 'lucide-react'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AddPlaceDialog } from './add-place-dialog.tsx'
import { AddTargetDialog } from './add-target-dialog.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import { ConnectionsTable } from './connections-table.tsx'
import { DeadLetters, DeadLettersLabel } from './dead-letters.tsx'
import { DiscoverDialog } from './discover-dialog.tsx'
import { PlacesTable } from './places-table.tsx'
import { TargetSheet } from './target-sheet.tsx'
import { TargetsTable } from './targets-table.tsx'

/** What can be added; part of the address, so that a guide can point at it. */
const additions = ['connection', 'target', 'place'] as const
const views = ['targets', 'connections', 'places', 'dead-letters'] as const

/** The real things that dispatch writes to, how they are reached, and where they stand. */
export function TargetsPage() {
  const trpc = useTRPC()
  const [{ view, target, find, add }, setView] = useQueryStates({
    view: parseAsStringLiteral(views).withDefault('targets'),
    target: parseAsString,
    find: parseAsString,
    add: parseAsStringLiteral(additions),
  })
  const mayManage = useMay('target.manage')
  const targets = useQuery(trpc.target.list.queryOptions())
  const chosen = targets.data?.find(({ id }) => id === target)
  const connections = useQuery(trpc.target.connections.queryOptions())
  const looked = mayManage ? connections.data?.find(({ id }) => id === find) : undefined
  const setAdding = (next: (typeof additions)[number] | null) => void setView({ add: next })
  const close = () => setAdding(null)
  const adding = mayManage ? add : null

  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="Targets"
        actions={
          mayManage ? (
            <>
              <Button onClick={() => setAdding('place')}>
                <Plus aria-hidden />
                Place
              </Button>
              <Button onClick={() => setAdding('target')}>
                <Plus aria-hidden />
                Target
              </Button>
              <Button variant="primary" onClick={() => setAdding('connection')}>
                <Cable aria-hidden />
                Connect a cluster
              </Button>
            </>
          ) : null
        }
      />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
        <Tabs
          label="Targets, connections and places"
          value={view}
          onChange={(next) => void setView({ view: next })}
          tabs={[
            {
              value: 'targets',
              label: 'Targets',
              content: (
                <TargetsTable
                  query={targets}
                  selected={target}
                  onOpen={(id) => void setView({ target: id })}
                />
              ),
            },
            {
              value: 'connections',
              label: 'Connections',
              content: <ConnectionsTable mayManage={mayManage} onFind={(id) => void setView({ find: id })} />,
            },
            { value: 'places', label: 'Places and prices', content: <PlacesTable /> },
            { value: 'dead-letters', label: <DeadLettersLabel />, content: <DeadLetters /> },
          ]}
        />
      </div>
      {chosen ? <TargetSheet target={chosen} onClose={() => void setView({ target: null })} /> : null}
      {looked ? (
        <DiscoverDialog
          connectionId={looked.id}
          connectionName={looked.name}
          onClose={() => void setView({ find: null })}
        />
      ) : null}
      {adding === 'connection' ? (
        <ConnectDialog
          onClose={close}
          onNext={(id) => {
            void setView({ view: 'connections', find: id, add: null })
          }}
        />
      ) : null}
      {adding === 'target' ? <AddTargetDialog onClose={close} /> : null}
      {adding === 'place' ? <AddPlaceDialog onClose={close} /> : null}
    </div>
  )
}
