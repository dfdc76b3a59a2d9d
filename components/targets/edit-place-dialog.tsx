'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { readTerms, shownFields, termsOf } from './place-terms.ts'
import type { Place } from './places-table.tsx'

/** Changes what a place costs and how clean and near it is; approvals bound to other prices are void from then on. */
export function EditPlaceDialog({ place, onClose }: { place: Place; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('domain', 'target')
  const [terms, setTerms] = useState(() => termsOf(place))
  const [tried, setTried] = useState(false)
  const updateDomain = useMutation(trpc.domain.update.mutationOptions())
  const updateOffering = useMutation(trpc.domain.updateOffering.mutationOptions())
  const read = readTerms(place, terms)
  const errors: Record<string, string> = tried && !read.ok ? read.errors : {}
  const failure = updateDomain.error ?? updateOffering.error

  const send = async () => {
    setTried(true)
    if (!read.ok) return
    await updateOffering.mutateAsync(read.offering)
    await updateDomain.mutateAsync(read.domain)
    await refresh()
    toast(`${place.domain.title} has new terms`)
    onClose()
  }
  return (
    <FormDialog
      title={`${place.domain.title}: ${place.offering.hardwareClass}`}
      description="Approvals that are bound to another price are void once this is kept. Carbon and latency are those of the whole place."
      wide
      act="Keep the terms"
      acting="Keeping"
      pending={updateDomain.isPending || updateOffering.isPending}
      failed="Not kept"
      error={failure && errorMessageOf(failure)}
      onSend={() => void send().catch(() => undefined)}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        {shownFields(place.offering).map((field) => {
          const { key, label, hint } = field
          const change = (value: string) => setTerms({ ...terms, [key]: value })
          return (
            <Field
              key={key}
              label={label}
              hint={hint}
              error={errors[key] ?? null}
              {...('number' in field ? {} : { className: 'sm:col-span-2' })}
            >
              {(ids) =>
                'number' in field ? (
                  <Input
                    {...ids}
                    type="number"
                    step="any"
                    value={terms[key]}
                    onChange={(event) => change(event.target.value)}
                  />
                ) : (
                  <Textarea
                    {...ids}
                    className="num"
                    value={terms[key]}
                    onChange={(event) => change(event.target.value)}
                  />
                )
              }
            </Field>
          )
        })}
      </div>
    </FormDialog>
  )
}
