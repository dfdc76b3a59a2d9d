'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { OfferingKind } from '../../server/plan/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Select } from '../ui/select.tsx'
import {
  type DomainKind,
  emptyPlace,
  fieldsOf,
  type Market,
  type PlaceForm,
  readPlace,
} from './place-form.ts'

const kinds: { value: DomainKind; label: string }[] = [
  { value: 'on_premise', label: 'on premise' },
  { value: 'cloud', label: 'cloud' },
  { value: 'edge', label: 'edge' },
]
const offered: { value: OfferingKind; label: string }[] = [
  { value: 'instances', label: 'instances' },
  { value: 'serverless', label: 'serverless' },
]
const markets: { value: Market; label: string }[] = [
  { value: 'owned', label: 'owned' },
  { value: 'on_demand', label: 'on demand' },
  { value: 'reserved', label: 'reserved' },
  { value: 'spot', label: 'spot' },
]

/** Declares where capacity stands and what one replica costs there. */
export function AddPlaceDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('domain')
  const [form, setForm] = useState<PlaceForm>(emptyPlace)
  const [tried, setTried] = useState(false)
  const [domainId, setDomainId] = useState<string | null>(null)
  const createDomain = useMutation(trpc.domain.create.mutationOptions())
  const createOffering = useMutation(trpc.domain.createOffering.mutationOptions())
  const read = readPlace(form)
  const errors: Record<string, string> = tried && !read.ok ? read.errors : {}
  const failure = createDomain.error ?? createOffering.error
  const busy = createDomain.isPending || createOffering.isPending

  const send = async () => {
    setTried(true)
    if (!read.ok) return
    // A second try after the offering alone was refused must not make the place again.
    const id = domainId ?? (await createDomain.mutateAsync(read.domain)).id
    setDomainId(id)
    await createOffering.mutateAsync({ ...read.offering, domainId: id })
    await refresh()
    toast(`${form.title.trim()} is a place now`)
    onClose()
  }
  return (
    <FormDialog
      title="Add a place"
      description="Where capacity stands, and what one replica costs there."
      wide
      act="Add the place"
      acting="Adding"
      pending={busy}
      failed="Not added"
      error={failure && errorMessageOf(failure)}
      onSend={() => void send().catch(() => undefined)}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {fieldsOf(form).map(({ key, label, hint, number }) => (
          <Field key={key} label={label} hint={hint} error={errors[key]}>
            {(ids) => (
              <Input
                {...ids}
                type={number ? 'number' : 'text'}
                step="any"
                value={form[key]}
                onChange={(event) => setForm({ ...form, [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field label="Kind of place">
          {(ids) => (
            <Select
              id={ids.id}
              value={form.kind}
              options={kinds}
              onChange={(kind) => setForm({ ...form, kind })}
            />
          )}
        </Field>
        <Field label="What is sold">
          {(ids) => (
            <Select
              id={ids.id}
              value={form.offered}
              options={offered}
              onChange={(kind) => setForm({ ...form, offered: kind })}
            />
          )}
        </Field>
        <Field label="Market">
          {(ids) => (
            <Select
              id={ids.id}
              value={form.market}
              options={markets}
              onChange={(market) => setForm({ ...form, market })}
            />
          )}
        </Field>
      </div>
    </FormDialog>
  )
}
