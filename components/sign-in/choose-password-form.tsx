'use client'
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'
import { enter } from './enter.ts'
import { Leave } from './leave.tsx'

/** `token`: of an invitation; null after a first password that was printed. */
type Props = { token: string | null; onDone: () => void }

/** A password of one's own choice; signs in with it. */
export function ChoosePasswordForm({ token, onDone }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const password = form.get('password')
    if (password !== form.get('again')) return setProblem('The two passwords are not the same.')
    setBusy(true)
    setProblem(null)
    const refused = token
      ? await enter('invitation', { token, password })
      : await enter('new-password', { password })
    if (!refused) return onDone()
    setProblem(refused)
    setBusy(false)
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4" method="post">
      <p>
        {token ? '' : 'The password that was printed is good once. '}Choose the password that you will sign in
        with.
      </p>
      {problem ? (
        <Notice tone="breach" title="Not taken">
          {problem}
        </Notice>
      ) : null}
      <Field
        label="New password"
        hint="At least 12 characters; none that leaked before, no common words, years or parts of your name alone."
      >
        {(ids) => (
          <Input
            {...ids}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={12}
            maxLength={256}
            required
            autoFocus
          />
        )}
      </Field>
      <Field label="New password again">
        {(ids) => <Input {...ids} name="again" type="password" autoComplete="new-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Set the password and sign in'}
      </Button>
      {token ? null : <Leave />}
    </form>
  )
}
