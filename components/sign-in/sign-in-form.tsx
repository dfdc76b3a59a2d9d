'use client'
import { useSearchParams } from 'next/navigation'
import { signIn } from 'next-auth/react'
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'
import { returnPath } from './return-path.ts'

const unreachable = 'The server could not be reached. Check the connection and try again.'

/** Hands something to the server that opens a session. @returns why it did not, or null */
export async function enter(provider: string, given: Record<string, FormDataEntryValue | null>) {
  const answer = await signIn(provider, { redirect: false, ...given }).catch(() => undefined)
  return answer?.ok ? null : (answer?.error ?? unreachable)
}

/** E-mail and password; leads back to the page that asked for it. */
export function SignInForm() {
  const search = useSearchParams()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    const refused = await enter('credentials', { email: form.get('email'), password: form.get('password') })
    if (!refused) return window.location.assign(returnPath(search.get('from'), window.location.origin))
    setProblem(refused)
    setBusy(false)
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4" method="post">
      {search.has('ended') && !problem ? (
        <Notice tone="wait" title="Your session has ended">
          It was idle, it expired, or your account was changed. Sign in to go on where you were.
        </Notice>
      ) : null}
      {problem ? (
        <Notice tone="breach" title="Not signed in">
          {problem}
        </Notice>
      ) : null}
      <Field label="E-mail address">
        {(ids) => <Input {...ids} name="email" type="email" autoComplete="username" required autoFocus />}
      </Field>
      <Field label="Password">
        {(ids) => <Input {...ids} name="password" type="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" variant="primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
      <p className="text-muted text-xs">
        No account yet, or the password is lost? An admin can help under People. On a new installation the
        first sign-ins were printed when it was started.
      </p>
    </form>
  )
}
