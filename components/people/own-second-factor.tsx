'use client'
import { useMutation } from '@tanstack/react-query'
import { signOut } from 'next-auth/react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView } from '../../server/auth/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { formatCount } from '../ui/format.ts'
import { CodeField } from './code-field.tsx'
import { SecondFactorSecrets } from './second-factor-setup.tsx'

/** Whether signing in takes a code as well, and the way to begin or end that. */
export function OwnSecondFactor({ account }: { account: AccountView }) {
  const [open, setOpen] = useState<'setup' | 'removal' | null>(null)
  const { secondFactor, secondFactorRequired } = account
  const close = () => setOpen(null)
  return (
    <Section title="Second factor">
      <div className="flex flex-col items-start gap-3">
        {secondFactor ? (
          <p>
            <Badge tone="verified">on</Badge> since <RelativeTime at={secondFactor.since} />.{' '}
            {formatCount(secondFactor.recoveryCodesLeft, 'recovery code')} left.
          </p>
        ) : (
          <p>
            <Badge tone={secondFactorRequired ? 'wait' : 'neutral'}>off</Badge>{' '}
            {secondFactorRequired
              ? 'A role of yours asks for one: you will be led to set it up at the next sign-in.'
              : 'With one, signing in takes a code of your phone beside the password.'}
          </p>
        )}
        {secondFactor ? (
          <Button onClick={() => setOpen('removal')}>Remove it</Button>
        ) : (
          <Button variant="primary" onClick={() => setOpen('setup')}>
            Set one up
          </Button>
        )}
      </div>
      {open === 'setup' ? <SetupDialog hasPassword={account.hasPassword} onClose={close} /> : null}
      {open === 'removal' ? <RemovalDialog onClose={close} /> : null}
    </Section>
  )
}

function SetupDialog({ hasPassword, onClose }: { hasPassword: boolean; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('session', 'people')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useMutation(trpc.session.beginSecondFactor.mutationOptions())
  const confirm = useMutation(
    trpc.session.confirmSecondFactor.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast('The second factor is on; your other sessions have ended')
        onClose()
      },
    }),
  )
  if (begin.data) {
    const wrong = fieldErrorsOf(confirm.error)
    return (
      <FormDialog
        title="Set up a second factor"
        act="Turn it on"
        acting="Turning it on"
        pending={confirm.isPending}
        ready={code.trim().length >= 6}
        failed="Not turned on"
        error={confirm.error && !wrong.code && errorMessageOf(confirm.error)}
        onSend={() => confirm.mutate({ code })}
        onClose={onClose}
      >
        <SecondFactorSecrets setup={begin.data} />
        <CodeField value={code} onChange={setCode} error={wrong.code} />
      </FormDialog>
    )
  }
  const wrong = fieldErrorsOf(begin.error)
  return (
    <FormDialog
      title="Set up a second factor"
      description="A secret is made for an authenticator app on your phone."
      act="Go on"
      acting="Making a secret"
      pending={begin.isPending}
      failed="Not begun"
      error={begin.error && !wrong.currentPassword && errorMessageOf(begin.error)}
      onSend={() => begin.mutate({ currentPassword: hasPassword ? password : undefined })}
      onClose={onClose}
    >
      {hasPassword ? (
        <Field label="Current password" error={wrong.currentPassword}>
          {(ids) => (
            <Input
              {...ids}
              autoFocus
              type="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
      ) : (
        <p>You sign in through the identity provider; do this within ten minutes of signing in.</p>
      )}
    </FormDialog>
  )
}

function RemovalDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC()
  const [code, setCode] = useState('')
  const remove = useMutation(
    trpc.session.removeSecondFactor.mutationOptions({
      onSuccess: () => signOut({ callbackUrl: '/sign-in' }),
    }),
  )
  const wrong = fieldErrorsOf(remove.error)
  return (
    <FormDialog
      title="Remove the second factor"
      description="Every session of yours ends. Where a role asks for a second factor, you set up another when you sign in."
      act="Remove it"
      acting="Removing"
      danger
      pending={remove.isPending}
      ready={code.trim().length >= 6}
      failed="Not removed"
      error={remove.error && !wrong.code && errorMessageOf(remove.error)}
      onSend={() => remove.mutate({ code })}
      onClose={onClose}
    >
      <CodeField value={code} onChange={setCode} error={wrong.code} />
    </FormDialog>
  )
}
