'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { useState } from 'react'
import type { ConnectionCheck, ConnectionView } from '../../server/dispatch/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Badge } from '../ui/badge.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { ConnectDialog } from './connect-dialog.tsx'
import { ConnectionActions } from './connection-actions.tsx'
import { ConnectionFindings } from './connection-findings.tsx'
import { GateCell } from './gate-cell.tsx'
import { LimitDialog } from './limit-dialog.tsx'
import { RemoveConnectionDialog } from './remove-dialog.tsx'
import { RightsSheet } from './rights-sheet.tsx'

/** How targets are reached: each connection with the result of the last try. Never the credentials. */
export function ConnectionsTable({
  mayManage,
  onFind,
}: {
  mayManage: boolean
  /** Looks what is behind a connection. */
  onFind: (connectionId: string) => void
}) {
  const trpc = useTRPC()
  const query = useQuery(trpc.target.connections.queryOptions())
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' }, 'connsort')
  const [result, setResult] = useState<(ConnectionCheck & { name: string; targets: number }) | null>(null)
  const [replacing, setReplacing] = useState<ConnectionView | null>(null)
  const [rightsOf, setRightsOf] = useQueryState('rights', parseAsString)
  const [limiting, setLimiting] = useState<ConnectionView | null>(null)
  const [removing, setRemoving] = useState<ConnectionView | null>(null)
  const check = useMutation(trpc.target.check.mutationOptions())
  const rights = query.data?.find(({ id }) => id === rightsOf)
  const tryOut = async ({ id, name, targets }: ConnectionView) => {
    const found = await check
      .mutateAsync({ connectionId: id })
      .catch((error: unknown) => ({ ok: false, message: errorMessageOf(error), examination: null }))
    setResult({ ...found, name, targets })
    void query.refetch()
  }
  const columns: Column<ConnectionView>[] = [
    {
      id: 'name',
      header: 'connection',
      sortBy: ({ name }) => name,
      cell: ({ name, adapter }) => (
        <div className="max-w-[34ch] py-1">
          <p className="truncate font-medium" title={name}>
            {name}
          </p>
          <p className="text-muted text-xs">{adapter}</p>
        </div>
      ),
    },
    {
      id: 'state',
      header: 'last tried',
      className: 'w-full',
      sortBy: ({ lastCheckedAt }) => lastCheckedAt ?? '',
      cell: ({ lastError, lastCheckedAt, targets }) => (
        <div className="min-w-[28ch] max-w-[80ch] md:min-w-[18ch] whitespace-normal py-1">
          <span className="flex flex-wrap items-baseline gap-x-2">
            {lastError ? (
              <Badge tone="breach">fails</Badge>
            ) : lastCheckedAt && targets === 0 ? (
              // Nothing is read through it, so nobody knows how it is now, or what it may do.
              <Badge>was reached</Badge>
            ) : lastCheckedAt ? (
              <Badge tone="verified">works</Badge>
            ) : (
              <Badge>not tried</Badge>
            )}
            {lastCheckedAt ? <RelativeTime at={lastCheckedAt} /> : null}
          </span>
          {lastError ? <p className="break-words text-muted text-xs">{lastError}</p> : null}
        </div>
      ),
    },
    {
      id: 'targets',
      header: 'targets',
      align: 'right',
      sortBy: ({ targets }) => targets,
      cell: ({ targets }) => targets,
    },
    { id: 'gate', header: 'asked', cell: ({ gate }) => <GateCell gate={gate} /> },
    {
      id: 'actions',
      header: 'actions',
      className: 'right-0 bg-canvas text-right md:sticky',
      cell: (connection) => (
        <ConnectionActions
          connection={connection}
          mayManage={mayManage}
          trying={
            check.isPending ? (check.variables.connectionId === connection.id ? 'this' : 'another') : null
          }
          onTry={() => void tryOut(connection)}
          onRights={() => void setRightsOf(connection.id)}
          onFind={() => onFind(connection.id)}
          onLimit={() => setLimiting(connection)}
          onReplace={() => setReplacing(connection)}
          onRemove={() => setRemoving(connection)}
        />
      ),
    },
  ]
  return (
    <Loaded what="Connections" query={query}>
      {(connections) => (
        <div className="flex flex-col gap-2">
          {result ? <ConnectionFindings name={result.name} targets={result.targets} found={result} /> : null}
          <DataTable
            label="Connections"
            rows={connections}
            columns={columns}
            rowKey={({ id }) => id}
            sort={sort}
            onSort={(next) => void setSort(next)}
            className="max-h-[68dvh]"
            empty={
              <EmptyState title="No connections yet">
                Connect a cluster, by a kubeconfig or as the one that this runs in. What it has to be allowed
                is worked out once targets are named.
              </EmptyState>
            }
          />
          {rights ? <RightsSheet connection={rights} onClose={() => void setRightsOf(null)} /> : null}
          {limiting ? <LimitDialog connection={limiting} onClose={() => setLimiting(null)} /> : null}
          {removing ? (
            <RemoveConnectionDialog connection={removing} onClose={() => setRemoving(null)} />
          ) : null}
          {replacing ? <ConnectDialog replacing={replacing} onClose={() => setReplacing(null)} /> : null}
        </div>
      )}
    </Loaded>
  )
}
