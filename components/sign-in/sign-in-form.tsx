'use client'
import { useSearchParams } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { refusedByProvider } from '../../server/auth/contract.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'
import { enter } from './enter.ts'
import { ProviderButton } from './provider-button.tsx'
import { refusedWords } from './refused-words.ts'

/** E-mail and password. */
export function SignInForm({ onDone }: { onDone: () => void }) {
  const search = useSearchParams()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(() => whyRefused(search))

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setProblem(null)
    const refused = await enter('credentials', { email: form.get('email'), password: form.get('password') })
    if (!refused) return onDone()
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
      <ProviderButton act="Sign in with" from={search.get('from')} />
      <p className="text-muted text-xs">
        No account yet, or the password is lost? An admin can help under People, and on the server “infrasage
        user reset”. On a new installation the first sign-ins were printed when it was started.
      </p>
    </form>
  )
}

/** Words of ours for what the address says: whoever wrote a link chooses among them, and writes none. */
function whyRefused(search: URLSearchParams): string | null {
  const refused = refusedByProvider.safeParse(search.get('refused')).data
  if (refused) return refusedWords[refused]
  return search.has('error') ? refusedWords.failed : null
}
