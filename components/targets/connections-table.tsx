'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConnectionCheck, ConnectionView } from '../../server/dispatch/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState, Notice } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { ConnectDialog } from './connect-dialog.tsx'

/** How targets are reached: each connection with the result of the last try. Never the credentials. */
export function ConnectionsTable({ mayManage }: { mayManage: boolean }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.target.connections.queryOptions())
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' }, 'connsort')
  const [result, setResult] = useState<(ConnectionCheck & { name: string }) | null>(null)
  const [replacing, setReplacing] = useState<ConnectionView | null>(null)
  const check = useMutation(trpc.target.check.mutationOptions())
  const tryOut = async ({ id, name }: ConnectionView) => {
    const found = await check
      .mutateAsync({ connectionId: id })
      .catch((error: unknown) => ({ ok: false, message: errorMessageOf(error), examination: null }))
    setResult({ ...found, name })
    void query.refetch()
  }
  const columns: Column<ConnectionView>[] = [
    {
      id: 'name',
      header: 'connection',
      sortBy: ({ name }) => name,
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    { id: 'adapter', header: 'adapter', sortBy: ({ adapter }) => adapter, cell: ({ adapter }) => adapter },
    {
      id: 'state',
      header: 'state',
      cell: ({ lastError, lastCheckedAt }) =>
        lastError ? (
          <Badge tone="breach">fails</Badge>
        ) : lastCheckedAt ? (
          <Badge tone="verified">works</Badge>
        ) : (
          <Badge>not tried</Badge>
        ),
    },
    {
      id: 'targets',
      header: 'targets',
      align: 'right',
      sortBy: ({ targets }) => targets,
      cell: ({ targets }) => targets,
    },
    {
      id: 'checked',
      header: 'last tried',
      sortBy: ({ lastCheckedAt }) => lastCheckedAt ?? '',
      cell: ({ lastCheckedAt }) => (lastCheckedAt ? <RelativeTime at={lastCheckedAt} /> : 'never'),
    },
    {
      id: 'error',
      header: 'what is wrong',
      cell: ({ lastError }) => (
        <span className="block max-w-[48ch] truncate" title={lastError ?? undefined}>
          {lastError}
        </span>
      ),
    },
    {
      id: 'check',
      header: 'actions',
      cell: (connection) =>
        mayManage ? (
          <span className="flex gap-1">
            <Button
              size="sm"
              variant="quiet"
              disabled={check.isPending}
              onClick={() => void tryOut(connection)}
            >
              {check.isPending && check.variables.connectionId === connection.id ? 'Trying' : 'Try it now'}
              <span className="sr-only">: {connection.name}</span>
            </Button>
            {connection.adapter === 'kubernetes' ? (
              <Button size="sm" variant="quiet" onClick={() => setReplacing(connection)}>
                New settings<span className="sr-only"> for {connection.name}</span>
              </Button>
            ) : null}
          </span>
        ) : null,
    },
  ]
  return (
    <Loaded what="Connections" query={query}>
      {(connections) => (
        <div className="flex flex-col gap-2">
          {result ? (
            <Notice
              tone={result.ok ? 'verified' : 'breach'}
              title={`${result.name} ${result.ok ? 'works' : 'does not work'}`}
            >
              {result.message}
            </Notice>
          ) : null}
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
                Connect a cluster with a kubeconfig whose user may read and patch the scale of Deployments or
                StatefulSets.
              </EmptyState>
            }
          />
          {replacing ? <ConnectDialog replacing={replacing} onClose={() => setReplacing(null)} /> : null}
        </div>
      )}
    </Loaded>
  )
}
