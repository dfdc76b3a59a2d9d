'use client'
import { useMutation } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { type FormEvent, useState } from 'react'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'

/** Another password for oneself. `first`: the present one was printed by the first start or the command line. */
export function ChangePassword({ first }: { first: boolean }) {
  const trpc = useTRPC()
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
    <Section title="Change your password">
      <form className="flex max-w-88 flex-col gap-3" onSubmit={submit}>
        {first ? (
          <Notice tone="wait" title="Your password is the one that was printed">
            It holds while the sandbox runs. Without it, signing in asks for one of your own.
          </Notice>
        ) : null}
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
        <Field
          label="New password"
          hint="At least 12 characters; none that leaked before, no common words, years or parts of your name alone."
          error={wrong.newPassword}
        >
          {(ids) => (
            <Input {...ids} name="new" type="password" autoComplete="new-password" minLength={12} required />
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
  )
}
