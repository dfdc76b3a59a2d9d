'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { ApiProvider, useTRPC } from '../api/provider.tsx'
import { CodeField } from '../people/code-field.tsx'
import { SecondFactorSecrets } from '../people/second-factor-setup.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'
import { enter } from './enter.ts'
import { Leave } from './leave.tsx'

/** The second step of signing in: a code, and before the first one a secret. */
export function SecondStep({ enrolment, onDone }: { enrolment: boolean; onDone: () => void }) {
  if (!enrolment) return <CodeForm act="Sign in" onDone={onDone} />
  return (
    <ApiProvider>
      <Enrolment onDone={onDone} />
    </ApiProvider>
  )
}

function Enrolment({ onDone }: { onDone: () => void }) {
  const trpc = useTRPC()
  const { mutate, data, error, isPending } = useMutation(trpc.session.beginSecondFactor.mutationOptions())
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="wait" title="A second factor is asked of your role">
        Set one up to go on. Nothing else is possible until then.
      </Notice>
      {error ? (
        <Notice tone="breach" title="Not begun">
          {errorMessageOf(error)}
        </Notice>
      ) : null}
      {data ? (
        <CodeForm act="Turn it on and sign in" onDone={onDone}>
          <SecondFactorSecrets setup={data} />
        </CodeForm>
      ) : (
        <>
          <Button variant="primary" disabled={isPending} onClick={() => mutate({})}>
            {isPending ? 'Making a secret…' : 'Set up a second factor'}
          </Button>
          <Leave />
        </>
      )}
    </div>
  )
}

function CodeForm({ act, onDone, children }: { act: string; onDone: () => void; children?: ReactNode }) {
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    const refused = await enter('second-factor', { code })
    if (!refused) return onDone()
    setProblem(refused)
    setCode('')
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" method="post">
      {problem ? (
        <Notice tone="breach" title="Not signed in">
          {problem}
        </Notice>
      ) : null}
      {children}
      <CodeField value={code} onChange={setCode} />
      <Button type="submit" variant="primary" disabled={busy || code.trim().length < 6}>
        {busy ? 'Signing in…' : act}
      </Button>
      <Leave />
    </form>
  )
}
