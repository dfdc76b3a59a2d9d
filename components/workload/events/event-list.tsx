'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { EventView } from '../../../server/forecast/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { useMay } from '../../frame/session.tsx'
import { Button } from '../../ui/button.tsx'
import { useNow } from '../../ui/clock.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { EventDialog } from './event-dialog.tsx'
import { EventRow } from './event-row.tsx'

/** Enough of what is over to see what was learned from. */
const pastShown = 8

/** What people know is coming for the workload, and what has been, with what is done about it by those who may. */
export function EventList({
  workload,
  query,
}: {
  workload: WorkloadView
  query: { data: EventView[] | undefined; error: unknown; refetch: () => unknown }
}) {
  const trpc = useTRPC()
  const now = useNow()
  const mayManage = useMay('event.manage')
  const [form, setForm] = useState<{ event: EventView | null } | null>(null)
  const [cancelling, setCancelling] = useState<EventView | null>(null)
  const refresh = useRefresh('event')
  const undo = useMutation(
    trpc.event.create.mutationOptions({
      onSuccess: async ({ name }) => {
        toast(`${name} is planned again`)
        await refresh()
      },
      onError: (error) => toast.error(`Not planned again: ${errorMessageOf(error)}`),
    }),
  )
  const cancelled = ({ workloadId, team, name, kind, startsAt, endsAt, expectedFactor }: EventView) =>
    toast(`${name} is cancelled`, {
      duration: 10_000,
      action: {
        label: 'Undo',
        onClick: () => undo.mutate({ workloadId, team, name, kind, startsAt, endsAt, expectedFactor }),
      },
    })
  const add = mayManage ? (
    <Button size="sm" onClick={() => setForm({ event: null })}>
      Plan an event
    </Button>
  ) : null
  return (
    <>
      <Loaded what="The planned events" query={query} rows={3}>
        {(events) => {
          const ahead = events.filter(({ endsAt }) => Date.parse(endsAt) > now)
          const over = events.filter(({ endsAt }) => Date.parse(endsAt) <= now).reverse()
          if (events.length === 0) {
            return (
              <EmptyState title="Nothing is planned" action={add} className="px-0">
                A launch, a training run, a holiday: what people know is coming enters the forecast here, and
                stands on the chart.{mayManage ? '' : ' Operators and admins plan it.'}
              </EmptyState>
            )
          }
          const rows = (list: EventView[]) => (
            <ul className="border-t">
              {list.map((event) => (
                <EventRow
                  key={event.id}
                  event={event}
                  now={now}
                  onChange={mayManage ? () => setForm({ event }) : null}
                  onCancel={mayManage ? () => setCancelling(event) : null}
                />
              ))}
            </ul>
          )
          return (
            <div className="flex flex-col gap-3">
              <div className="flex min-h-7 items-center justify-between gap-3">
                <p className="text-muted">
                  {ahead.length > 0 ? 'Now and ahead' : 'Nothing is planned ahead.'}
                </p>
                {add}
              </div>
              {ahead.length > 0 ? rows(ahead) : null}
              {over.length > 0 ? (
                <details>
                  <summary className="w-fit text-muted hover:text-ink">
                    Over <span className="num">{over.length}</span>
                  </summary>
                  <div className="mt-2">{rows(over.slice(0, pastShown))}</div>
                </details>
              ) : null}
            </div>
          )
        }}
      </Loaded>
      {form ? <EventDialog workload={workload} event={form.event} onClose={() => setForm(null)} /> : null}
      {cancelling ? (
        <CancelDialog event={cancelling} onDone={cancelled} onClose={() => setCancelling(null)} />
      ) : null}
    </>
  )
}
