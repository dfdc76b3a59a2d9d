'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Role } from '../../server/auth/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { roleOptions } from './words.ts'

/** Adds a person and shows the link by which a password is chosen, this once. */
export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<Role[]>([])
  const create = useMutation(trpc.people.create.mutationOptions({ onSuccess: useRefresh('people') }))
  const wrong = fieldErrorsOf(create.error)
  const send = () => create.mutate({ name, email, roles })

  if (create.data) {
    const { user, invitation } = create.data
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`${user.name} is invited`}
        footer={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className="flex flex-col gap-3">
          <p>
            {user.email}, {user.roles.join(', ') || 'no role yet'}
          </p>
          {invitation ? <InvitationLink invitation={invitation} /> : null}
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title="Add a person"
      description="A link is made, by which the person chooses a password."
      act="Add the person"
      acting="Adding"
      pending={create.isPending}
      failed="Not added"
      error={create.error && !wrong.name && !wrong.email && errorMessageOf(create.error)}
      onSend={send}
      onClose={onClose}
    >
      <Field label="Name" error={wrong.name}>
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
      <Field label="E-mail address" error={wrong.email} hint="What the person signs in with.">
        {(ids) => (
          <Input {...ids} type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
        )}
      </Field>
      <CheckList label="Roles" options={roleOptions} value={roles} onChange={setRoles} />
    </FormDialog>
  )
}
