'use client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback, useMemo, useState } from 'react'
import type { DecisionRow } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { useCoarseNow } from '../ui/clock.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { PageHead } from '../ui/facts.tsx'
import { useKeys } from '../ui/keys.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { decisionColumns } from './decision-columns.tsx'
import { decisionQueryOf, useDecisionFilters } from './decision-filters.ts'
import { FilterBar } from './filter-bar.tsx'

const hour = 3_600

/** The log of decisions: searched, narrowed and sorted in the URL, read on as one scrolls. */
export function DecisionsPage() {
  const trpc = useTRPC()
  const router = useRouter()
  const { environment, link } = useEnvironment()
  const [filters, setFilters] = useDecisionFilters()
  const [sort, setSort] = useSort({ id: 'at', direction: 'desc' })
  const mayExport = useMay('audit.export')
  const request = decisionQueryOf(filters, environment, sort, useCoarseNow(hour))
  const query = useInfiniteQuery(
    trpc.decision.list.infiniteQueryOptions(request, {
      getNextPageParam: (page) => page.nextBeforeNumber ?? undefined,
      placeholderData: keepPreviousData,
    }),
  )
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  const [cursor, setCursor] = useState<string | null>(null)
  const open = (row: DecisionRow) => router.push(link(`/decisions/${row.id}`))
  const move = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === cursor)
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) setCursor(next.id)
  }
  useKeys(
    {
      j: () => move(1),
      k: () => move(-1),
      Enter: () => {
        const row = rows.find((each) => each.id === cursor)
        if (row) open(row)
      },
    },
    { repeat: ['j', 'k'] },
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const columns = useMemo(() => decisionColumns(link), [link])
  const narrowed = Boolean(filters.q || filters.kind.length || filters.days !== 'all' || environment)

  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="Decisions"
        actions={
          mayExport ? (
            <Button asChild>
              <a href="/api/v1/audit/export" download>
                Export the log
              </a>
            </Button>
          ) : null
        }
      />
      <FilterBar filters={filters} setFilters={setFilters} />
      {query.isPending ? (
        <SkeletonRows rows={12} />
      ) : query.error && rows.length === 0 ? (
        <ErrorState
          what="The log of decisions"
          error={{ message: errorMessageOf(query.error) }}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <DataTable
          label="Decisions"
          rows={rows}
          columns={columns}
          rowKey={({ id }) => id}
          sort={sort}
          onSort={(next) => void setSort(next)}
          sorted
          selectedKey={cursor}
          onRowClick={open}
          onEnd={onEnd}
          className="min-h-0 flex-1"
          empty={
            narrowed ? (
              <EmptyState title="Nothing matches">
                Search for something else, choose a longer time, or all environments.
              </EmptyState>
            ) : (
              <EmptyState title="Nothing has been decided yet">
                Each approval, override, rejection and expiry is kept here, with what the person saw and what
                came of it.
              </EmptyState>
            )
          }
        />
      )}
      <p className="num shrink-0 border-t px-4 py-1.5 text-muted text-xs" aria-live="polite">
        {rows.length}
        {hasNextPage ? '+' : ''} shown
        {filters.kind.length > 0 ? '' : '; superseded ones only where they are chosen'}
      </p>
    </div>
  )
}
