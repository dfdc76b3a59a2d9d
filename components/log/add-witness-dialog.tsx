'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { WitnessKind } from '../../server/audit/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Secret } from '../ui/secret.tsx'
import { Select } from '../ui/select.tsx'

type Setting = { name: string; label: string; hint?: string; secret?: boolean; preset?: string }

const kinds: readonly { value: WitnessKind; label: string }[] = [
  { value: 'webhook', label: 'a webhook' },
  { value: 's3', label: 'an S3-compatible store' },
  { value: 'file', label: 'a file' },
]
const settings: Record<WitnessKind, readonly Setting[]> = {
  webhook: [
    { name: 'url', label: 'Address', hint: 'Signed as Standard Webhooks has it; the secret is shown once.' },
  ],
  file: [{ name: 'file', label: 'File name', hint: 'In the folder INFRASAGE_WITNESS_DIR of the server.' }],
  s3: [
    { name: 'endpoint', label: 'Endpoint', hint: 'Such as https://s3.eu-central-1.amazonaws.com' },
    { name: 'region', label: 'Region', preset: 'us-east-1' },
    { name: 'bucket', label: 'Bucket', hint: 'With Object Lock nobody can take a checkpoint away again.' },
    { name: 'prefix', label: 'Prefix', preset: 'infrasage/' },
    { name: 'accessKeyId', label: 'Access key' },
    { name: 'secretAccessKey', label: 'Secret key', secret: true },
  ],
}
const intervals = [
  { value: '60', label: 'every minute' },
  { value: '300', label: 'every 5 minutes' },
  { value: '3600', label: 'every hour' },
] as const

/** Has checkpoints sent to somebody outside; what signs a webhook is shown this once. */
export function AddWitnessDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const [kind, setKind] = useState<WitnessKind>('webhook')
  const [name, setName] = useState('')
  const [every, setEvery] = useState<(typeof intervals)[number]['value']>('300')
  const [given, setGiven] = useState<Record<string, string>>({})
  const add = useMutation(trpc.audit.addWitness.mutationOptions({ onSuccess: useRefresh('audit') }))
  const wrong = fieldErrorsOf(add.error)
  const fields = settings[kind]
  const send = () => {
    const config = Object.fromEntries(
      fields.flatMap((field) => {
        const value = (given[field.name] ?? field.preset ?? '').trim()
        return value === '' ? [] : [[field.name, value]]
      }),
    )
    add.mutate({ name, kind, everySeconds: Number(every), config })
  }
  if (add.data) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`The witness “${name}”`}
        description="The newest checkpoint is on its way; its state is shown with the witness."
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        {add.data.secret ? (
          <Secret label="Signing secret" value={add.data.secret} />
        ) : (
          <p className="text-muted">Nothing else is needed.</p>
        )}
      </Dialog>
    )
  }
  const named = ['name', ...fields.map((field) => field.name)].some((field) => wrong[field])
  return (
    <FormDialog
      title="Add a witness"
      description="Somebody else who keeps signed checkpoints: with one of them a log written anew is found."
      act="Add the witness"
      acting="Adding the witness"
      pending={add.isPending}
      failed="No witness was added"
      error={add.error && !named && errorMessageOf(add.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" error={wrong.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Kept in">
        {(ids) => <Select id={ids.id} value={kind} options={kinds} onChange={setKind} />}
      </Field>
      {fields.map((field) => (
        <Field key={field.name} label={field.label} hint={field.hint} error={wrong[field.name]}>
          {(ids) => (
            <Input
              {...ids}
              type={field.secret ? 'password' : 'text'}
              autoComplete="off"
              value={given[field.name] ?? field.preset ?? ''}
              onChange={(event) => setGiven({ ...given, [field.name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="At most">
        {(ids) => <Select id={ids.id} value={every} options={intervals} onChange={setEvery} />}
      </Field>
    </FormDialog>
  )
}
