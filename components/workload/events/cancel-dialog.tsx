'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventView } from '../../../server/forecast/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { scopeOf } from './event-form.ts'

/** Takes an event back, once it was said which. */
export function CancelDialog({
  event,
  onDone,
  onClose,
}: {
  event: EventView
  onDone: (event: EventView) => void
  onClose: () => void
}) {
  const trpc = useTRPC()
  const [reason, setReason] = useState('')
  const refresh = useRefresh('event')
  const cancel = useMutation(
    trpc.event.cancel.mutationOptions({
      onSuccess: async () => {
        onDone(event)
        await refresh()
        onClose()
      },
    }),
  )
  const send = () => cancel.mutate({ id: event.id, reason: reason.trim() })
  const wide = scopeOf(event) !== 'workload'
  return (
    <FormDialog
      title={`Cancel ${event.name}?`}
      description={`Forecasts no longer count on it from the next step on.${wide ? ' It touches other workloads, too.' : ''}`}
      act="Cancel the event"
      acting="Sending"
      danger
      pending={cancel.isPending}
      failed="Not cancelled"
      error={cancel.error && errorMessageOf(cancel.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Why" hint="May be left out; kept in the log.">
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={500}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
