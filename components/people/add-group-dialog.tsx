'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

/** Adds a group; `onAdded` gets its id, to choose the members next. */
export function AddGroupDialog({ onAdded, onClose }: { onAdded: (id: string) => void; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('group')
  const [title, setTitle] = useState('')
  const [name, setName] = useState('')
  const create = useMutation(
    trpc.group.create.mutationOptions({
      onSuccess: async ({ id }) => {
        await refresh()
        onAdded(id)
      },
    }),
  )
  const wrong = fieldErrorsOf(create.error)
  return (
    <FormDialog
      title="Add a group"
      description="A team of people, for rules of approval. Its members are chosen next."
      act="Add the group"
      acting="Adding"
      pending={create.isPending}
      failed="Not added"
      error={create.error && !wrong.name && !wrong.title && errorMessageOf(create.error)}
      onSend={() => create.mutate({ name, title })}
      onClose={onClose}
    >
      <Field label="Title" error={wrong.title}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            value={title}
            maxLength={100}
            onChange={(event) => setTitle(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Name in rules"
        error={wrong.name}
        hint="Lower-case letters, digits and hyphens, such as platform-eu. It never changes."
      >
        {(ids) => (
          <Input {...ids} value={name} maxLength={63} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
    </FormDialog>
  )
}
