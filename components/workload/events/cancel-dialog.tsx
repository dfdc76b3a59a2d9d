'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { EventView } from '../../../server/forecast/contract.ts'
import { errorMessageOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Notice } from '../../ui/states.tsx'
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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Cancel ${event.name}?`}
      description={`Forecasts no longer count on it from the next step on.${wide ? ' It touches other workloads, too.' : ''}`}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button variant="danger" disabled={cancel.isPending} onClick={send}>
            {cancel.isPending ? 'Sending' : 'Cancel the event'}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(submit) => {
          submit.preventDefault()
          send()
        }}
      >
        {cancel.error ? (
          <Notice tone="breach" title="Not cancelled">
            {errorMessageOf(cancel.error)}
          </Notice>
        ) : null}
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
      </form>
    </Dialog>
  )
}
