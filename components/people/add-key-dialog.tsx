'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Scope, scopesOf, type UserView } from '../../server/auth/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { useSession } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Secret } from '../ui/secret.tsx'
import { Select } from '../ui/select.tsx'
import { type Lifetime, lifetimes, scopeOptions } from './words.ts'

/** Makes an API key for a person and shows it, this once. */
export function AddKeyDialog({ people, onClose }: { people: readonly UserView[]; onClose: () => void }) {
  const trpc = useTRPC()
  const session = useSession()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>([])
  const [lifetime, setLifetime] = useState<Lifetime>('90')
  const [owner, setOwner] = useState<string | null>(null)
  const create = useMutation(trpc.apiKey.create.mutationOptions({ onSuccess: useRefresh('apiKey') }))
  const wrong = fieldErrorsOf(create.error)
  const ownerId = owner ?? session?.userId ?? ''
  const allowed = scopesOf(people.find(({ id }) => id === ownerId)?.roles ?? [])
  const chosen = scopes.filter((scope) => allowed.includes(scope))
  const send = () => {
    const days = Number(lifetime)
    create.mutate({
      name,
      scopes: chosen,
      expiresInDays: days === 0 ? null : days,
      ownerId: ownerId || undefined,
    })
  }

  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`The key “${create.data.key.name}”`}
        description='Send it as "Authorization: Bearer …".'
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Secret label="API key" value={create.data.token} />
      </Dialog>
    )
  }
  return (
    <FormDialog
      title="New API key"
      description="It acts for its owner: never more than the owner’s roles, and only within its scopes."
      act="Make the key"
      acting="Making the key"
      pending={create.isPending}
      failed="No key was made"
      error={create.error && !wrong.name && !wrong.scopes && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" hint="What will use it, for instance prometheus-eu-west." error={wrong.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label="Acts for">
        {(ids) => (
          <Select
            id={ids.id}
            value={ownerId}
            onChange={setOwner}
            options={people
              .filter(({ active }) => active)
              .map((person) => ({
                value: person.id,
                label: `${person.name} (${person.roles.join(', ') || 'no role'})`,
              }))}
          />
        )}
      </Field>
      <CheckList
        label="Scopes"
        options={scopeOptions.filter(({ value }) => allowed.includes(value))}
        value={chosen}
        onChange={setScopes}
        error={
          wrong.scopes ??
          (allowed.length === 0 ? 'The owner has no role, so a key of theirs could do nothing.' : null)
        }
      />
      <Field label="Expires after">
        {(ids) => <Select id={ids.id} value={lifetime} onChange={setLifetime} options={lifetimes} />}
      </Field>
    </FormDialog>
  )
}
