'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { type EventView, eventKinds } from '../../../server/forecast/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { useZone } from '../../ui/clock.tsx'
import { DateTimeInput } from '../../ui/date-time-input.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { formatDuration, zoneLabel } from '../../ui/time.ts'
import {
  type EventErrors,
  type EventForm,
  type EventScope,
  emptyEvent,
  formOf,
  kindWords,
  readEvent,
} from './event-form.ts'

const kinds = eventKinds.map((value) => ({ value, label: kindWords[value] }))
const effects = [
  { value: 'learn', label: 'learn it' },
  { value: 'expect', label: 'I expect a factor' },
] as const

/** Adds a planned event, or changes one; whose event it is stays. */
export function EventDialog({
  workload,
  event,
  onClose,
}: {
  workload: WorkloadView
  /** The event that is changed; a new one without it. */
  event: EventView | null
  onClose: () => void
}) {
  const trpc = useTRPC()
  const { zone } = useZone()
  const [now] = useState(Date.now)
  const [form, setForm] = useState<EventForm>(() => (event ? formOf(event) : emptyEvent(now)))
  const [errors, setErrors] = useState<EventErrors>({})
  const refresh = useRefresh('event')
  const options = {
    onSuccess: async ({ name }: EventView) => {
      toast(event ? `${name} is changed` : `${name} is planned`, {
        description: 'Forecasts know it from the next step on.',
      })
      await refresh()
      onClose()
    },
  }
  const create = useMutation(trpc.event.create.mutationOptions(options))
  const update = useMutation(trpc.event.update.mutationOptions(options))
  const { error, isPending } = event ? update : create
  const refused: Record<string, string | undefined> = fieldErrorsOf(error)
  const set = (change: Partial<EventForm>) => setForm((before) => ({ ...before, ...change }))
  const send = () => {
    const read = readEvent(form, workload, now)
    setErrors(read.errors ?? {})
    if (read.errors) return
    if (!event) return create.mutate(read.input)
    const { workloadId: _workload, team: _team, ...change } = read.input
    update.mutate({ id: event.id, ...change })
  }
  const scopes: { value: EventScope; label: string }[] = [
    { value: 'workload', label: workload.title },
    { value: 'team', label: `all of team ${workload.team}` },
    { value: 'all', label: 'every workload' },
  ]
  return (
    <FormDialog
      title={event ? `Change ${event.name}` : 'Plan an event'}
      description="Tell the forecast what it cannot know. It counts on it from the next step on."
      act={event ? 'Change the event' : 'Plan the event'}
      acting="Sending"
      pending={isPending}
      failed="Not kept"
      error={error && errorMessageOf(error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" error={errors.name ?? refused.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={100}
            placeholder="Launch of the spring catalogue"
            value={form.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Kind" hint="Its effect is learned from earlier ones of the kind.">
          {({ id }) => (
            <Select id={id} value={form.kind} options={kinds} onChange={(kind) => set({ kind })} />
          )}
        </Field>
        <Field label="Touches" hint={event ? 'Stays as it was planned.' : undefined}>
          {({ id }) => (
            <Select
              id={id}
              disabled={event !== null}
              value={form.scope}
              options={scopes}
              onChange={(scope) => set({ scope })}
            />
          )}
        </Field>
        <Field
          label={`Begins, ${zoneLabel(zone, form.startsAt)}`}
          error={errors.startsAt ?? refused.startsAt}
        >
          {(ids) => (
            <DateTimeInput
              {...ids}
              value={form.startsAt}
              onChange={(startsAt) => set({ startsAt, endsAt: startsAt + form.endsAt - form.startsAt })}
            />
          )}
        </Field>
        <Field
          label={`Ends, ${zoneLabel(zone, form.endsAt)}`}
          hint={
            form.endsAt > form.startsAt
              ? `after ${formatDuration((form.endsAt - form.startsAt) / 1000)}`
              : undefined
          }
          error={errors.endsAt ?? refused.endsAt}
        >
          {(ids) => <DateTimeInput {...ids} value={form.endsAt} onChange={(endsAt) => set({ endsAt })} />}
        </Field>
      </div>
      <fieldset className="flex flex-col items-start gap-2">
        <legend className="mb-1 font-medium text-xs">Demand while it lasts</legend>
        <Segmented
          label="Demand while it lasts"
          value={form.effect}
          options={effects}
          onChange={(effect) => set({ effect })}
        />
        {form.effect === 'expect' ? (
          <Field
            label="Times the usual demand"
            hint="1.5 is half as much again, 0.4 well below the usual."
            error={errors.expectedFactor ?? refused.expectedFactor}
            className="max-w-56"
          >
            {(ids) => (
              <Input
                {...ids}
                inputMode="decimal"
                className="num"
                value={form.factor}
                onChange={({ target }) => set({ factor: target.value })}
              />
            )}
          </Field>
        ) : (
          <p className="text-muted text-xs">
            With no earlier event of the kind, the first one changes nothing ahead and teaches the next.
          </p>
        )}
      </fieldset>
    </FormDialog>
  )
}
