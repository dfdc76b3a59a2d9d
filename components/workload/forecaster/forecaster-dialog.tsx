'use client'
import { useMutation } from '@tanstack/react-query'
import { type ComponentProps, useState } from 'react'
import { toast } from 'sonner'
import type { ForecasterView } from '../../../server/forecast/contract.ts'
import type { WorkloadView } from '../../../server/telemetry/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { CheckBox, Field, Input } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { type ForecasterForm, formOf, readForecaster } from './forecaster-form.ts'

/** Connects a team's own forecaster, or changes how it is asked. */
export function ForecasterDialog({
  workload,
  forecaster,
  onClose,
}: {
  workload: WorkloadView
  forecaster: ForecasterView | null
  onClose: () => void
}) {
  const trpc = useTRPC()
  const [form, setForm] = useState(() => formOf(forecaster))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const refresh = useRefresh('forecaster')
  const set = useMutation(
    trpc.forecaster.set.mutationOptions({
      onSuccess: async ({ name }) => {
        toast(forecaster ? `${name} is changed` : `${name} is connected`, {
          description: 'Try it once to see what it answers.',
        })
        await refresh()
        onClose()
      },
    }),
  )
  const refused = fieldErrorsOf(set.error)
  const send = () => {
    const read = readForecaster(form, workload.id)
    setErrors(read.errors ?? {})
    if (read.input) set.mutate(read.input)
  }
  const field = (
    key: Exclude<keyof ForecasterForm, 'active'>,
    props: Partial<ComponentProps<'input'>> = {},
  ) => ({
    error: errors[key] ?? refused[key],
    children: (ids: { id: string }) => (
      <Input
        {...ids}
        {...props}
        spellCheck={false}
        value={form[key]}
        onChange={({ target }) => setForm((before) => ({ ...before, [key]: target.value }))}
      />
    ),
  })
  return (
    <FormDialog
      title={forecaster ? `Change ${forecaster.name}` : `Connect a forecaster to ${workload.title}`}
      description="Each step it is sent the newest values as JSON by POST, and answers with quantiles."
      act={forecaster ? 'Change the forecaster' : 'Connect the forecaster'}
      acting="Sending"
      pending={set.isPending}
      failed="Not kept"
      error={set.error && errorMessageOf(set.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label="Name"
        hint="Among the methods: a–z, 0–9 and “-”."
        {...field('name', { autoFocus: true, maxLength: 40 })}
      />
      <Field
        label="Address"
        {...field('url', { type: 'url', placeholder: 'https://models.example.org/forecast' })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Header of the secret"
          hint="Left empty: no secret is sent."
          {...field('secretHeader', { placeholder: 'Authorization' })}
        />
        <Field
          label="Secret"
          hint={
            forecaster?.hasSecret ? 'Left empty: the one that is kept.' : 'Kept encrypted, never shown again.'
          }
          {...field('secret', { type: 'password', autoComplete: 'off' })}
        />
        <Field
          label="Time-out, ms"
          hint="100 to 5,000."
          {...field('timeoutMs', { type: 'number', min: 100, max: 5_000 })}
        />
        <Field
          label="Steps sent"
          hint="12 to 10,080."
          {...field('windowSteps', { type: 'number', min: 12, max: 10_080 })}
        />
      </div>
      <CheckBox
        label="Ask it each step"
        checked={form.active}
        onChange={(active) => setForm((before) => ({ ...before, active }))}
      />
    </FormDialog>
  )
}
