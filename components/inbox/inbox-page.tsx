'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { useMay } from '../frame/session.tsx'
import { cn } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import { useKeys } from '../ui/keys.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { BasesWaiting } from './bases-waiting.tsx'
import { BatchBar } from './batch-bar.tsx'
import { type InboxView, queryOf, useInboxFilters } from './inbox-filters.ts'
import { InboxList } from './inbox-list.tsx'
import { ListHead, searchId } from './list-head.tsx'
import { ProposalPane } from './proposal-pane.tsx'
import { keyBeside } from './settle.ts'
import { ShadowNotice } from './shadow-notice.tsx'
import { useSelection } from './use-selection.ts'
import { useSettled } from './use-settled.ts'

const keyOf = (row: ProposalRow) => row.id

/** Where capacity stands is one question, whichever purpose answers it; a newer answer takes the place of the one before. */
const questionOf = ({ workload, purpose, kind }: ProposalRow): string =>
  `${workload.id} ${kind} ${purpose === 'stop-harm' || purpose === 'right-size' ? purpose : 'capacity'}`
const succeeds = (leaves: ProposalRow, comes: ProposalRow) => questionOf(leaves) === questionOf(comes)

/** Two panes, one decision: what waits, and everything about the one under the cursor. On a phone, one after the other. */
export function InboxPage() {
  const trpc = useTRPC()
  const { environment, link } = useEnvironment()
  const [filters, setFilters] = useInboxFilters()
  const title = useRef<HTMLHeadingElement>(null)
  const request = queryOf(filters, environment)
  const query = useInfiniteQuery(
    trpc.proposal.list.infiniteQueryOptions(request, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
    }),
  )
  const incoming = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  const listKey = JSON.stringify(request)
  const { rows, fresh, gone, placeOf, showFresh } = useSettled(listKey, incoming, keyOf, succeeds)
  // Without a choice the first row is read; that one stays open when a newer proposal takes its place in the list.
  const [first, setFirst] = useState<{ listKey: string; id: string } | null>(null)
  const reading = first?.listKey === listKey ? first.id : rows[0]?.id
  if (reading !== undefined && (first?.id !== reading || first.listKey !== listKey))
    setFirst({ listKey, id: reading })
  const selected = filters.proposal ?? reading ?? null
  const cursor = selected && placeOf(selected)
  const mayDecide = useMay('proposal.decide')
  const selection = useSelection(rows, gone)
  const atCursor = rows.find(({ id }) => id === cursor)

  // From the list into a proposal is a step that Back undoes; from one proposal to the next is not.
  const open = (proposal: string | null) =>
    void setFilters({ proposal }, { history: filters.proposal === null ? 'push' : 'replace' })
  const move = (by: 1 | -1) => {
    const next = keyBeside(rows.map(keyOf), cursor, by)
    if (next) open(next)
  }
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  useKeys(
    {
      j: () => move(1),
      k: () => move(-1),
      Enter: () => {
        if (selected) open(selected)
        requestAnimationFrame(() => title.current?.focus())
      },
      ...(mayDecide && atCursor ? { x: () => selection.toggle(atCursor) } : {}),
      ...(mayDecide ? { X: selection.selectAll } : {}),
      ...(selection.selected.length > 0 ? {} : { Escape: () => open(null) }),
      '/': () => document.getElementById(searchId)?.focus(),
    },
    { repeat: ['j', 'k'] },
  )
  const showAll = () => {
    showFresh()
    setFirst(null)
  }
  const hrefOf = (id: string) => link(`/inbox?view=${filters.view}&proposal=${id}`)

  return (
    <div className="flex h-full min-h-0">
      <h1 className="sr-only">Inbox</h1>
      <div
        className={cn(
          'flex min-h-0 w-full shrink-0 flex-col md:w-[400px] md:border-r',
          filters.proposal && 'hidden md:flex',
        )}
      >
        <ListHead {...{ filters, setFilters, fresh }} gone={gone.size} onShowFresh={showAll} />
        {filters.view === 'waiting' ? <ShadowNotice /> : null}
        {filters.view === 'waiting' ? <BasesWaiting /> : null}
        {query.error && rows.length === 0 ? (
          <ErrorState
            what="The inbox"
            error={{ message: errorMessageOf(query.error) }}
            onRetry={() => void query.refetch()}
          />
        ) : query.isPending ? (
          <SkeletonRows rows={8} className="h-14" />
        ) : rows.length === 0 ? (
          <NothingHere narrowed={Boolean(filters.q || filters.change || environment)} view={filters.view} />
        ) : (
          <InboxList
            {...{ rows, gone, hrefOf, onEnd }}
            selected={cursor}
            selection={mayDecide ? selection : null}
            onOpen={open}
          />
        )}
        <BatchBar selection={selection} />
        <p className="mt-auto hidden shrink-0 items-center gap-3 border-t px-3 py-1.5 text-muted text-xs md:flex">
          <span className="flex items-center gap-1">
            <Kbd>j</Kbd>
            <Kbd>k</Kbd> move
          </span>
          <span className="flex items-center gap-1">
            <Kbd>↵</Kbd> read
          </span>
          {mayDecide ? (
            <span className="flex items-center gap-1">
              <Kbd>x</Kbd> select
            </span>
          ) : null}
          <span className="flex items-center gap-1">
            <Kbd>?</Kbd> keys
          </span>
          <span className="num ml-auto">
            {rows.length}
            {hasNextPage ? '+' : ''} shown
          </span>
        </p>
      </div>
      <div className={cn('min-h-0 min-w-0 flex-1', !filters.proposal && 'hidden md:block')}>
        {selected ? (
          <ProposalPane
            id={selected}
            titleRef={title}
            keys={selection.selected.length === 0}
            onBack={() => open(null)}
            onGoTo={open}
          />
        ) : null}
      </div>
    </div>
  )
}

function NothingHere({ narrowed, view }: { narrowed: boolean; view: InboxView }) {
  if (narrowed) {
    return (
      <EmptyState title="Nothing matches">Search for something else, or choose all environments.</EmptyState>
    )
  }
  if (view === 'snoozed')
    return (
      <EmptyState title="Nothing is snoozed">What is put off stands here until it comes back.</EmptyState>
    )
  return view === 'waiting' ? (
    <EmptyState title="Nothing waits for a decision">
      When a forecast passes the capacity of a workload, or leaves much of it idle, a proposal appears here by
      itself.
    </EmptyState>
  ) : (
    <EmptyState title="Nothing here yet">Proposals appear here once they have been decided.</EmptyState>
  )
}
