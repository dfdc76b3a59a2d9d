'use client'
import { useMutation } from '@tanstack/react-query'
import { type ComponentProps, useState } from 'react'
import { toast } from 'sonner'
import { engineEnforcements, type PolicyEngineView } from '../../../server/governance/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../../api/errors.ts'
import { useTRPC } from '../../api/provider.tsx'
import { useRefresh } from '../../api/use-refresh.ts'
import { TrialOutcome, TryOnce } from '../../plugin/try-once.tsx'
import { CheckBox, Field, Input, Textarea } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Select } from '../../ui/select.tsx'
import { type EngineForm, formOf, readEngine } from './engine-form.ts'
import { EngineTrial } from './engine-trial.tsx'
import { enforcementHints } from './words.ts'

/** Puts a policy engine in force, or changes it; it can be tried first, for from then on nothing passes without its yes. */
export function EngineDialog({ view, onClose }: { view: PolicyEngineView; onClose: () => void }) {
  const trpc = useTRPC()
  const [form, setForm] = useState(() => formOf(view))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const refresh = useRefresh('policyEngine', 'proposal')
  const put = (change: Partial<EngineForm>) => setForm((before) => ({ ...before, ...change }))
  const trial = useMutation(trpc.policyEngine.test.mutationOptions())
  const set = useMutation(
    trpc.policyEngine.set.mutationOptions({
      onSuccess: async () => {
        toast('The policy engine is in force', { description: 'What waits is being asked about.' })
        await refresh()
        onClose()
      },
    }),
  )
  const refused = { ...fieldErrorsOf(trial.error), ...fieldErrorsOf(set.error) }
  const send = () => {
    const read = readEngine(form, view)
    setErrors(read.errors ?? {})
    if (read.input) set.mutate(read.input)
  }
  const tryOut = () => {
    const read = readEngine({ ...form, reason: 'a trial' }, view)
    setErrors(read.errors ?? {})
    if (!read.input) return
    const { reason: _, basedOn: __, ...settings } = read.input
    trial.mutate({ settings })
  }
  const line = (key: 'url' | 'token' | 'timeoutMs', props: Partial<ComponentProps<'input'>> = {}) => ({
    error: errors[key] ?? refused[`settings.${key}`] ?? refused[key],
    children: (ids: { id: string }) => (
      <Input
        {...ids}
        {...props}
        spellCheck={false}
        value={form[key]}
        onChange={({ target }) => put({ [key]: target.value })}
      />
    ),
  })
  return (
    <FormDialog
      title={view.engine ? 'Change the policy engine' : 'Connect a policy engine'}
      description="From then on nothing is approved or carried out without its yes. An engine that does not answer refuses."
      act="Put it in force"
      acting="Sending"
      pending={set.isPending}
      failed="Not in force"
      error={set.error && errorMessageOf(set.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field
        label="Address of the decision"
        hint="A document of OPA’s data API: POST with the input, answered with a result."
        {...line('url', {
          type: 'url',
          autoFocus: true,
          placeholder: 'https://opa.example.org/v1/data/infrasage/allow',
        })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Bearer token"
          hint={
            view.engine?.hasToken ? 'Left empty: the one that is kept.' : 'Left empty: none. Kept encrypted.'
          }
          {...line('token', { type: 'password', autoComplete: 'off', disabled: form.noToken })}
        />
        <Field
          label="Time-out, ms"
          hint="100 to 5,000; a person waits as long."
          {...line('timeoutMs', { type: 'number', min: 100, max: 5_000 })}
        />
      </div>
      {view.engine?.hasToken ? (
        <CheckBox label="Forget the token" checked={form.noToken} onChange={(noToken) => put({ noToken })} />
      ) : null}
      <Field label="What it denies" hint={enforcementHints[form.enforcement]}>
        {({ id }) => (
          <Select
            id={id}
            value={form.enforcement}
            options={engineEnforcements.map((value) => ({ value, label: value }))}
            onChange={(enforcement) => put({ enforcement })}
          />
        )}
      </Field>
      <div className="flex flex-col gap-2">
        <TryOnce pending={trial.isPending} onTry={tryOut} />
        <TrialOutcome trial={trial}>{(answer) => <EngineTrial trial={answer} />}</TrialOutcome>
      </div>
      <Field label="Why" hint="Kept in the log." error={errors.reason ?? refused.reason}>
        {(ids) => (
          <Textarea
            {...ids}
            value={form.reason}
            maxLength={2_000}
            onChange={({ target }) => put({ reason: target.value })}
          />
        )}
      </Field>
    </FormDialog>
  )
}
