'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import type { PolicyRow } from '../../server/governance/contract.ts'
import type { PolicyValues } from '../../server/plan/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Notice } from '../ui/states.tsx'
import { ChangeTable } from './change-table.tsx'
import { levelChoices, levelWords, numberFields, policyChanges } from './policy-fields.ts'
import { formOf, readForm } from './policy-form-state.ts'

/** Edits the bounds, shows what would change, and puts it in force with a reason. */
export function PolicyEditor({ row, onSaved }: { row: PolicyRow; onSaved: () => void }) {
  const { policy, workload } = row
  const [form, setForm] = useState(() => formOf(policy))
  const [reviewing, setReviewing] = useState<PolicyValues | null>(null)
  const [tried, setTried] = useState(false)
  const read = readForm(form)
  const errors = tried && !read.ok ? read.errors : {}
  const untouched = read.ok && policy !== null && policyChanges(policy, read.values).length === 0

  const review = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.ok) setReviewing(read.values)
  }
  if (reviewing) {
    return (
      <Review
        row={row}
        values={reviewing}
        onBack={() => setReviewing(null)}
        onSaved={(version) => {
          toast(`Policy version ${version} of ${workload.title} is in force`)
          onSaved()
        }}
      />
    )
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={review} noValidate>
      <div className="grid gap-3 sm:grid-cols-2">
        {numberFields.map(({ key, label, hint }) => (
          <Field key={key} label={label} hint={hint} error={errors[key]}>
            {(ids) => (
              <Input
                {...ids}
                type="number"
                step="any"
                inputMode="decimal"
                value={form.numbers[key]}
                onChange={(event) =>
                  setForm({ ...form, numbers: { ...form.numbers, [key]: event.target.value } })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <Regions
        value={form.allowedRegions}
        error={errors.allowedRegions}
        onChange={(allowedRegions) => setForm({ ...form, allowedRegions })}
      />
      <Field label="Automation" className="sm:max-w-80">
        {(ids) => (
          <Select
            id={ids.id}
            value={form.automationLevel}
            onChange={(automationLevel) => setForm({ ...form, automationLevel })}
            options={levelChoices.map((level) => ({ value: level, label: levelWords[level] }))}
          />
        )}
      </Field>
      {tried && !read.ok ? <p className="text-breach text-xs">Some values above need another look.</p> : null}
      <Button type="submit" variant="primary" className="self-start" disabled={untouched}>
        {untouched ? 'Nothing changed' : 'Review the changes'}
      </Button>
    </form>
  )
}

function Regions({
  value,
  error,
  onChange,
}: {
  value: string[]
  error: string | undefined
  onChange: (regions: string[]) => void
}) {
  const trpc = useTRPC()
  const domains = useQuery(trpc.domain.list.queryOptions()).data ?? []
  const regions = [...new Set([...domains.map(({ region }) => region), ...value])].sort()
  return (
    <CheckList
      label="Allowed regions"
      value={value}
      onChange={onChange}
      error={error ? 'Choose at least one region.' : null}
      options={regions.map((region) => {
        const inside = domains.filter((domain) => domain.region === region)
        const hint = inside.map(({ title, jurisdiction }) => `${title} (${jurisdiction})`).join(', ')
        return { value: region, label: region, hint: hint || 'no domain is there now' }
      })}
    />
  )
}

function Review({
  row: { workload, policy },
  values,
  onBack,
  onSaved,
}: {
  row: PolicyRow
  values: PolicyValues
  onBack: () => void
  onSaved: (version: number) => void
}) {
  const trpc = useTRPC()
  const refresh = useRefresh('policy')
  const [reason, setReason] = useState('')
  const save = useMutation(
    trpc.policy.set.mutationOptions({
      onSuccess: async ({ version }) => {
        await refresh()
        onSaved(version)
      },
    }),
  )
  const next = (policy?.version ?? 0) + 1
  const send = () =>
    save.mutate({
      workloadId: workload.id,
      values,
      basedOnVersion: policy?.version ?? 0,
      reason: reason.trim(),
    })
  return (
    <div className="flex flex-col gap-4">
      {save.error ? (
        <Notice tone="breach" title="Not put in force">
          {errorMessageOf(save.error)}
        </Notice>
      ) : null}
      <ChangeTable changes={policyChanges(policy, values)} />
      {policy ? (
        <p className="text-muted text-xs">
          Approvals bound to version {policy.version} that have not been carried out become void, and their
          proposals return to the inbox.
        </p>
      ) : null}
      <Field label="Why" hint="Kept in the log and shown in the history.">
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button variant="primary" disabled={reason.trim().length < 3 || save.isPending} onClick={send}>
          {save.isPending ? 'Putting it in force' : `Put version ${next} in force`}
        </Button>
      </div>
    </div>
  )
}
