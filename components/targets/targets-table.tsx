'use client'
import { parseAsString, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import type { TargetView } from '../../server/dispatch/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Input } from '../ui/field.tsx'
import { formatMoney, formatNumber, NONE } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'

type Pool = NonNullable<TargetView['pool']>

const none = <span className="text-faint">{NONE}</span>
const ofPool = (show: (pool: Pool) => ReactNode) => {
  const cell = ({ pool }: TargetView) => (pool ? show(pool) : none)
  return cell
}

function columnsFor(onOpen: (id: string) => void): Column<TargetView>[] {
  return [
    {
      id: 'name',
      header: 'target',
      sortBy: ({ name }) => name,
      cell: ({ id, name }) => (
        <button
          type="button"
          className="block max-w-[28ch] truncate font-medium hover:underline"
          title={name}
          onClick={() => onOpen(id)}
        >
          {name}
        </button>
      ),
    },
    { id: 'state', header: 'state', cell: (target) => <TargetState target={target} /> },
    {
      id: 'ready',
      header: 'ready of asked',
      align: 'right',
      sortBy: ({ pool }) => pool?.readyReplicas ?? -1,
      cell: ofPool(
        ({ readyReplicas, desiredReplicas }) =>
          `${formatNumber(readyReplicas)} of ${formatNumber(desiredReplicas)}`,
      ),
    },
    {
      id: 'cost',
      header: 'cost',
      align: 'right',
      sortBy: ({ pool }) => pool?.costPerHourUsd ?? -1,
      cell: ofPool(({ costPerHourUsd }) => formatMoney(costPerHourUsd, { per: 'h' })),
    },
    {
      id: 'workload',
      header: 'workload',
      sortBy: ({ pool }) => pool?.workload.title ?? '',
      cell: ofPool((pool) => pool.workload.title),
    },
    {
      id: 'place',
      header: 'place',
      sortBy: ({ pool }) => pool?.domain.title ?? '',
      cell: ofPool(({ domain }) => `${domain.title}, ${domain.region}`),
    },
    {
      id: 'hardware',
      header: 'hardware',
      cell: ofPool(({ offering }) => `${offering.hardwareClass}, ${offering.market.replace('_', '-')}`),
    },
    {
      id: 'connection',
      header: 'connection',
      sortBy: ({ connection }) => connection.name,
      cell: ({ connection, adapter }) => (
        <span className="block max-w-[20ch] truncate" title={`${connection.name}, ${adapter}`}>
          {connection.name}
        </span>
      ),
    },
    {
      id: 'read',
      header: 'last read',
      sortBy: ({ pool }) => pool?.observedAt ?? '',
      cell: ofPool(({ observedAt }) => (observedAt ? <RelativeTime at={observedAt} /> : 'never')),
    },
  ]
}

/** In one word: does the target hold what it is asked to hold, as far as we can see? */
export function TargetState({ target: { pool, connection, ownership } }: { target: TargetView }) {
  if (ownership?.verdict === 'hand-over') return <Badge tone="breach">handed over</Badge>
  if (ownership?.verdict === 'refused') return <Badge tone="breach">not ours to write</Badge>
  if (connection.lastError) return <Badge tone="breach">not readable</Badge>
  if (!pool) return <Badge>no pool</Badge>
  if (pool.observedAt === null) return <Badge tone="wait">not read yet</Badge>
  if (pool.readyReplicas !== pool.desiredReplicas) return <Badge tone="wait">moving</Badge>
  return <Badge tone="verified">steady</Badge>
}

/** Every target with what was last seen there. */
export function TargetsTable({
  query,
  selected,
  onOpen,
}: {
  query: { data: TargetView[] | undefined; error: unknown; refetch: () => unknown }
  selected: string | null
  onOpen: (id: string) => void
}) {
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''))
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' })
  const text = search.trim().toLowerCase()
  return (
    <Loaded what="Targets" query={query}>
      {(targets) => (
        <div className="flex flex-col gap-2">
          <Input
            type="search"
            aria-label="Search targets"
            placeholder="Search target, workload or place"
            className="max-w-72"
            value={search}
            onChange={(event) => void setSearch(event.target.value || null)}
          />
          <DataTable
            label="Targets"
            rows={targets.filter((target) => wordsOf(target).includes(text))}
            columns={columnsFor(onOpen)}
            rowKey={({ id }) => id}
            sort={sort}
            onSort={(next) => void setSort(next)}
            selectedKey={selected}
            onRowClick={({ id }) => onOpen(id)}
            className="max-h-[68dvh]"
            empty={
              targets.length ? (
                <EmptyState title="Nothing matches">Search for something else.</EmptyState>
              ) : (
                <EmptyState title="No targets yet">
                  Connect a cluster, then choose what in it holds a workload.
                </EmptyState>
              )
            }
          />
        </div>
      )}
    </Loaded>
  )
}

function wordsOf({ name, connection, pool }: TargetView): string {
  return `${name} ${connection.name} ${pool?.workload.title} ${pool?.domain.title} ${pool?.domain.region}`.toLowerCase()
}
