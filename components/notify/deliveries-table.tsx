'use client'
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { toast } from 'sonner'
import { type DeliveryView, deliveryStates } from '../../server/notify/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { EmptyState } from '../ui/states.tsx'
import { deliveryLooks, topicWords } from './words.ts'

const all = 'all'
const stateOptions = [
  { value: all, label: 'All' },
  ...deliveryStates.map((state) => ({ value: state, label: deliveryLooks[state].word })),
] as const

/** What was told, where, and what came of it; newest first. */
export function DeliveriesTable({ mayManage }: { mayManage: boolean }) {
  const trpc = useTRPC()
  const [state, setState] = useQueryState('state', parseAsStringLiteral(deliveryStates))
  const query = useInfiniteQuery(
    trpc.notifier.deliveries.infiniteQueryOptions(
      { state: state ?? undefined },
      { getNextPageParam: (page) => page.nextAfter ?? undefined, placeholderData: keepPreviousData },
    ),
  )
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  const refresh = useRefresh('notifier')
  const again = useMutation(
    trpc.notifier.redrive.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error(errorMessageOf(error)),
    }),
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const columns: Column<DeliveryView>[] = [
    { id: 'at', header: 'when', cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      id: 'title',
      header: 'what',
      cell: ({ title }) => (
        <span className="block max-w-[56ch] truncate font-medium" title={title}>
          {title}
        </span>
      ),
    },
    { id: 'topic', header: 'of', cell: ({ topic }) => topicWords([topic]) },
    { id: 'channel', header: 'channel', cell: ({ channel }) => channel },
    {
      id: 'state',
      header: 'state',
      cell: ({ state: now }) => <Badge tone={deliveryLooks[now].tone}>{deliveryLooks[now].word}</Badge>,
    },
    { id: 'attempts', header: 'attempts', align: 'right', cell: ({ attempts }) => attempts },
    { id: 'next', header: 'tried next', cell: ({ dueAt }) => (dueAt ? <RelativeTime at={dueAt} /> : null) },
    {
      id: 'error',
      header: 'what was said',
      cell: ({ lastError }) => (
        <span className="block max-w-[40ch] truncate" title={lastError ?? undefined}>
          {lastError}
        </span>
      ),
    },
    {
      id: 'act',
      header: 'actions',
      cell: (delivery) =>
        mayManage && delivery.state === 'dead' ? (
          <Button
            size="sm"
            variant="quiet"
            disabled={again.isPending}
            onClick={() => again.mutate({ deliveryId: delivery.id })}
          >
            Send again<span className="sr-only">: {delivery.title}</span>
          </Button>
        ) : null,
    },
  ]
  return (
    <div className="flex flex-col gap-2">
      <div>
        <Segmented
          label="State"
          value={state ?? all}
          options={stateOptions}
          onChange={(next) => void setState(next === all ? null : next)}
        />
      </div>
      <Loaded what="Notices" query={query}>
        {() => (
          <DataTable
            label="Notices"
            rows={rows}
            columns={columns}
            rowKey={({ id }) => id}
            sort={null}
            onSort={() => undefined}
            sorted
            onEnd={() => {
              if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
            }}
            className="max-h-[68dvh]"
            empty={
              <EmptyState title={state ? 'No notice in this state' : 'Nothing was told yet'}>
                Each notice stands here with its attempts, for thirty days after it was delivered.
              </EmptyState>
            }
          />
        )}
      </Loaded>
    </div>
  )
}
