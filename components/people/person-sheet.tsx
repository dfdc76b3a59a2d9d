'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { Role, UserView } from '../../server/auth/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Section } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/states.tsx'
import { InvitationLink } from './invitation-link.tsx'
import { PersonSessions } from './person-sessions.tsx'
import { roleOptions } from './words.ts'

/** What an admin may change of one person; each change asks why, for the log. */
export function PersonSheet({ person, onClose }: { person: UserView; onClose: () => void }) {
  const trpc = useTRPC()
  const [roles, setRoles] = useState<Role[]>(person.roles)
  const [reason, setReason] = useState('')
  const refresh = useRefresh('people', 'apiKey')
  const done = (text: string) => async () => {
    await refresh()
    toast(text)
    setReason('')
  }
  const setting = useMutation(
    trpc.people.setRoles.mutationOptions({ onSuccess: done(`Roles of ${person.name} changed`) }),
  )
  const activity = useMutation(
    trpc.people.setActive.mutationOptions({
      onSuccess: done(person.active ? `${person.name} is shut out` : `${person.name} may sign in`),
    }),
  )
  const reset = useMutation(
    trpc.people.invite.mutationOptions({ onSuccess: done('The old password no longer holds') }),
  )
  const unlocking = useMutation(
    trpc.people.resetSecondFactor.mutationOptions({
      onSuccess: done(`The second factor of ${person.name} is gone`),
    }),
  )
  const error = setting.error ?? activity.error ?? reset.error ?? unlocking.error
  const busy = setting.isPending || activity.isPending || reset.isPending || unlocking.isPending
  const changed = [...roles].sort().join() !== [...person.roles].sort().join()
  const ready = reason.trim().length >= 3 && !busy
  const request = { userId: person.id, reason }

  return (
    <Sheet
      onClose={onClose}
      title={person.name}
      description={
        person.groups.length ? `${person.email}, member of ${person.groups.join(', ')}` : person.email
      }
    >
      <div className="flex flex-col gap-6">
        {error ? (
          <Notice tone="breach" title="Nothing was changed">
            {errorMessageOf(error)}
          </Notice>
        ) : null}
        {reset.data?.invitation ? <InvitationLink invitation={reset.data.invitation} /> : null}
        <Field label="Why" hint="Needed for every change here; kept in the log.">
          {(ids) => (
            <Input
              {...ids}
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-col items-start gap-2">
          <CheckList label="Roles" options={roleOptions} value={roles} onChange={setRoles} />
          <Button
            variant="primary"
            disabled={!ready || !changed}
            onClick={() => setting.mutate({ ...request, roles })}
          >
            Set the roles: {[...roles].sort().join(', ') || 'none'}
          </Button>
          <p className="text-muted text-xs">
            {person.fromProvider
              ? 'The identity provider vouches for this person: its groups set the roles again at the next sign-in.'
              : 'Open sessions end; the new roles hold from the next sign-in.'}
          </p>
        </div>
        <PersonSessions person={person} reason={reason.trim().length >= 3 ? reason : null} />
        <Section title="Access">
          <div className="flex flex-wrap gap-2">
            <Button
              variant={person.active ? 'danger' : 'outline'}
              disabled={!ready}
              onClick={() => activity.mutate({ ...request, active: !person.active })}
            >
              {person.active ? 'Shut out' : 'Let in again'}
            </Button>
            <Button
              disabled={!ready || !person.active || person.fromProvider}
              onClick={() => reset.mutate(request)}
            >
              Reset the password by a link
            </Button>
            {person.secondFactor ? (
              <Button disabled={!ready} onClick={() => unlocking.mutate(request)}>
                Take the second factor away
              </Button>
            ) : null}
          </div>
          <p className="mt-2 text-muted text-xs">
            Shutting out ends every session and API key of the person at once. Past decisions keep the name.
          </p>
        </Section>
      </div>
    </Sheet>
  )
}
