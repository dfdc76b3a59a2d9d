'use client'
import { useMutation } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { type FormEvent, useState } from 'react'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useSession } from '../frame/session.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead, Section } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'

/** One's own roles and password. */
export function AccountPage() {
  const trpc = useTRPC()
  const session = useSession()
  const [mismatch, setMismatch] = useState(false)
  const change = useMutation(
    trpc.session.changePassword.mutationOptions({
      onSuccess: () => signOut({ callbackUrl: '/sign-in' }),
    }),
  )
  const wrong = fieldErrorsOf(change.error)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [currentPassword, newPassword, again] = ['current', 'new', 'again'].map((name) =>
      String(form.get(name)),
    )
    setMismatch(newPassword !== again)
    if (newPassword === again)
      change.mutate({ currentPassword: currentPassword ?? '', newPassword: newPassword ?? '' })
  }
  return (
    <div>
      <PageHead title={session?.name ?? 'Your account'}>
        <span>{session?.email}</span>
        {session?.roles.map((role) => (
          <Badge key={role}>{role}</Badge>
        ))}
        {session?.groups.length ? <span>member of {session.groups.join(', ')}</span> : null}
      </PageHead>
      <Section title="Change your password" className="max-w-88 px-4 pb-4">
        <form className="flex flex-col gap-3" onSubmit={submit}>
          {change.error && !wrong.currentPassword && !wrong.newPassword ? (
            <Notice tone="breach" title="Not changed">
              {errorMessageOf(change.error)}
            </Notice>
          ) : null}
          <Field label="Current password" error={wrong.currentPassword}>
            {(ids) => (
              <Input {...ids} name="current" type="password" autoComplete="current-password" required />
            )}
          </Field>
          <Field label="New password" hint="At least 12 characters." error={wrong.newPassword}>
            {(ids) => (
              <Input
                {...ids}
                name="new"
                type="password"
                autoComplete="new-password"
                minLength={12}
                required
              />
            )}
          </Field>
          <Field label="New password again" error={mismatch ? 'It is not the same as above.' : null}>
            {(ids) => <Input {...ids} name="again" type="password" autoComplete="new-password" required />}
          </Field>
          <Button type="submit" variant="primary" disabled={change.isPending}>
            {change.isPending ? 'Changing' : 'Change the password'}
          </Button>
          <p className="text-muted text-xs">
            Every session of yours ends, this one too. Sign in again after it.
          </p>
        </form>
      </Section>
    </div>
  )
}
