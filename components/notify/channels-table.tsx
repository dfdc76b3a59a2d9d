'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ChannelTest, ChannelView } from '../../server/notify/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { EmptyState, Notice } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { channelLook, kindOptions, topicWords } from './words.ts'

type TableProps = {
  rows: readonly ChannelView[]
  mayManage: boolean
  onChange: (channel: ChannelView) => void
}

/** Where people are told, of what, and whether it arrives. */
export function ChannelsTable({ rows, mayManage, onChange }: TableProps) {
  const trpc = useTRPC()
  const refresh = useRefresh('notifier')
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' }, 'channelsort')
  const [tried, setTried] = useState<(ChannelTest & { name: string }) | null>(null)
  const [removing, setRemoving] = useState<ChannelView | null>(null)
  const test = useMutation(trpc.notifier.test.mutationOptions())
  const pause = useMutation(
    trpc.notifier.update.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error(errorMessageOf(error)),
    }),
  )
  const tryOut = async ({ id, name }: ChannelView) => {
    const result = await test
      .mutateAsync({ channelId: id })
      .catch((error: unknown) => ({ ok: false, message: errorMessageOf(error) }))
    setTried({ ...result, name })
  }
  const actions = (channel: ChannelView) => (
    <span className="flex gap-1">
      <Button size="sm" variant="quiet" disabled={test.isPending} onClick={() => void tryOut(channel)}>
        Send a test<span className="sr-only"> to {channel.name}</span>
      </Button>
      <Button size="sm" variant="quiet" onClick={() => onChange(channel)}>
        Change<span className="sr-only"> {channel.name}</span>
      </Button>
      <Button
        size="sm"
        variant="quiet"
        disabled={pause.isPending}
        onClick={() => pause.mutate({ channelId: channel.id, active: !channel.active })}
      >
        {channel.active ? 'Pause' : 'Go on'}
        <span className="sr-only"> {channel.name}</span>
      </Button>
      <Button size="sm" variant="quiet" onClick={() => setRemoving(channel)}>
        Remove<span className="sr-only"> {channel.name}</span>
      </Button>
    </span>
  )
  const columns: Column<ChannelView>[] = [
    {
      id: 'name',
      header: 'channel',
      sortBy: ({ name }) => name,
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    {
      id: 'kind',
      header: 'kind',
      sortBy: ({ kind }) => kind,
      cell: ({ kind }) => kindOptions.find(({ value }) => value === kind)?.label,
    },
    {
      id: 'state',
      header: 'state',
      sortBy: (channel) => channelLook(channel).word,
      cell: (channel) => {
        const { word, tone } = channelLook(channel)
        return (
          <span title={channel.lastError ?? undefined}>
            <Badge tone={tone}>{word}</Badge>
          </span>
        )
      },
    },
    { id: 'to', header: 'goes to', cell: ({ destination }) => <Cut text={destination} /> },
    { id: 'topics', header: 'tells of', cell: ({ topics }) => <Cut text={topicWords(topics)} /> },
    {
      id: 'waiting',
      header: 'waiting',
      align: 'right',
      sortBy: ({ waiting }) => waiting,
      cell: ({ waiting }) => waiting,
    },
    {
      id: 'dead',
      header: 'given up',
      align: 'right',
      sortBy: ({ dead }) => dead,
      cell: ({ dead }) => dead,
    },
    {
      id: 'last',
      header: 'last delivered',
      sortBy: ({ lastDeliveredAt }) => lastDeliveredAt ?? '',
      cell: ({ lastDeliveredAt }) =>
        lastDeliveredAt ? <RelativeTime at={lastDeliveredAt} /> : <span className="text-muted">never</span>,
    },
    ...(mayManage ? [{ id: 'act', header: 'actions', cell: actions }] : []),
  ]
  return (
    <div className="flex flex-col gap-2">
      {tried ? (
        <Notice tone={tried.ok ? 'verified' : 'breach'} title={`Test of ${tried.name}`}>
          {tried.message}
        </Notice>
      ) : null}
      <DataTable
        label="Channels"
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => void setSort(next)}
        className="max-h-[70dvh]"
        empty={
          <EmptyState title="Nobody is told yet">
            A channel sends what you choose to a webhook, a Slack channel or by e-mail, with a link to the
            page where it is decided.
          </EmptyState>
        }
      />
      {removing ? <RemoveChannelDialog channel={removing} onClose={() => setRemoving(null)} /> : null}
    </div>
  )
}

function Cut({ text }: { text: string }) {
  return (
    <span className="block max-w-[36ch] truncate" title={text}>
      {text}
    </span>
  )
}

function RemoveChannelDialog({ channel, onClose }: { channel: ChannelView; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('notifier')
  const remove = useMutation(
    trpc.notifier.remove.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`Removed ${channel.name}`)
        onClose()
      },
    }),
  )
  const left = channel.waiting + channel.dead
  return (
    <FormDialog
      title={`Remove ${channel.name}`}
      description="Nothing more is told there. This cannot be undone; pausing can."
      act="Remove the channel"
      acting="Removing"
      danger
      pending={remove.isPending}
      failed="Not removed"
      error={remove.error && errorMessageOf(remove.error)}
      onSend={() => remove.mutate({ channelId: channel.id })}
      onClose={onClose}
    >
      <p>
        {left === 0
          ? 'Nothing waits in it.'
          : `${left === 1 ? 'One notice' : `${left} notices`} in it will not be sent.`}{' '}
        The log keeps what it told of.
      </p>
    </FormDialog>
  )
}
