'use client'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { AuditQuery } from '../../server/audit/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { useKeys } from '../ui/keys.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { entryColumns } from './entry-columns.tsx'
import { FilterBar } from './filter-bar.tsx'
import { isNarrowed, type LogFilters, type SetLogFilters } from './log-filters.ts'

type EntriesViewProps = {
  filters: LogFilters
  setFilters: SetLogFilters
  query: Omit<AuditQuery, 'beforeSeq' | 'limit'>
  /** Where the list begins; at the newest entry without it. */
  beforeSeq: number | undefined
}

/** Entries, newest first; a page more whenever the end comes into view. */
export function EntriesView({ filters, setFilters, query, beforeSeq }: EntriesViewProps) {
  const trpc = useTRPC()
  const pages = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...query, beforeSeq, limit: 200 },
      {
        getNextPageParam: (page) => page.nextBeforeSeq ?? undefined,
        placeholderData: keepPreviousData,
      },
    ),
  )
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.entries) ?? [], [pages.data])
  const open = filters.entry
  const move = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.seq === open)
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) void setFilters({ entry: next.seq })
  }
  useKeys({ j: () => move(1), k: () => move(-1) }, { repeat: ['j', 'k'] })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <>
      <FilterBar filters={filters} setFilters={setFilters} />
      {pages.isPending ? (
        <SkeletonRows rows={12} />
      ) : pages.error && rows.length === 0 ? (
        <ErrorState
          what="The log"
          error={{ message: errorMessageOf(pages.error) }}
          onRetry={() => void pages.refetch()}
        />
      ) : (
        // Another question begins at its first answer, not as far down as the last one was read.
        <DataTable
          key={JSON.stringify([query, beforeSeq])}
          label="Entries of the log"
          rows={rows}
          columns={entryColumns}
          rowKey={({ seq }) => String(seq)}
          sort={null}
          onSort={() => undefined}
          sorted
          selectedKey={open === null ? null : String(open)}
          onRowClick={({ seq }) => void setFilters({ entry: seq })}
          onEnd={onEnd}
          className="min-h-0 flex-1"
          empty={
            isNarrowed(filters) ? (
              <EmptyState title="No entry matches">
                Words are looked for all together; take one away, or show all.
              </EmptyState>
            ) : (
              <EmptyState title="Nothing has happened yet">
                Everything that is proposed, decided, sent or changed becomes an entry here.
              </EmptyState>
            )
          }
        />
      )}
      <p className="num shrink-0 border-t px-4 py-1.5 text-muted text-xs" aria-live="polite">
        {rows.length}
        {hasNextPage ? '+' : ''} shown
      </p>
    </>
  )
}
