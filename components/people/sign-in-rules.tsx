'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { Role, SignInRulesView } from '../../server/auth/contract.ts'
import { errorMessageOf, fieldErrorsOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Facts, Words } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { roleOptions } from './words.ts'

/** What signing in takes, for everybody. */
export function SignInRules({ rules, mayChange }: { rules: SignInRulesView; mayChange: boolean }) {
  const [changing, setChanging] = useState(false)
  return (
    <div className="flex max-w-lg flex-col items-start gap-4">
      <Facts
        className="w-full"
        facts={[
          {
            term: 'Second factor is asked of',
            value: <Words>{rules.secondFactorRoles.join(', ') || 'nobody'}</Words>,
            note: rules.secondFactorRoles.includes('admin')
              ? 'Who has none is led to set one up at sign-in, and can do nothing else until then.'
              : 'An admin’s password alone changes every bound and rule: ask admins for a second factor at least.',
          },
          { term: 'A session ends without a hand on it for', value: `${rules.sessionIdleMinutes} min` },
          { term: 'A session ends in any case after', value: `${rules.sessionMaxHours} h` },
          { term: 'Version', value: rules.version === 0 ? <Words>the defaults</Words> : rules.version },
        ]}
      />
      {mayChange ? <Button onClick={() => setChanging(true)}>Change what sign-in takes</Button> : null}
      {changing ? <RulesDialog rules={rules} onClose={() => setChanging(false)} /> : null}
    </div>
  )
}

function RulesDialog({ rules, onClose }: { rules: SignInRulesView; onClose: () => void }) {
  const trpc = useTRPC()
  const refresh = useRefresh('people', 'session')
  const [roles, setRoles] = useState<Role[]>(rules.secondFactorRoles)
  const [idle, setIdle] = useState(String(rules.sessionIdleMinutes))
  const [hours, setHours] = useState(String(rules.sessionMaxHours))
  const [reason, setReason] = useState('')
  const set = useMutation(
    trpc.people.setSignInRules.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast('The rules of sign-in have changed')
        onClose()
      },
    }),
  )
  const wrong = fieldErrorsOf(set.error)
  const known = wrong.sessionIdleMinutes ?? wrong.sessionMaxHours ?? wrong.reason
  return (
    <FormDialog
      title="What sign-in takes"
      description="It holds from the next sign-in of each person; open sessions keep the limits they began with."
      act="Set the rules"
      acting="Setting"
      pending={set.isPending}
      failed="Not set"
      error={set.error && !known && errorMessageOf(set.error)}
      onSend={() =>
        set.mutate({
          version: rules.version,
          secondFactorRoles: roles,
          sessionIdleMinutes: Number(idle),
          sessionMaxHours: Number(hours),
          reason,
        })
      }
      onClose={onClose}
    >
      <CheckList label="Ask for a second factor of" options={roleOptions} value={roles} onChange={setRoles} />
      <Field label="Idle limit, minutes" hint="5 to 720." error={wrong.sessionIdleMinutes}>
        {(ids) => (
          <Input {...ids} type="number" value={idle} onChange={(event) => setIdle(event.target.value)} />
        )}
      </Field>
      <Field label="Longest session, hours" hint="1 to 24." error={wrong.sessionMaxHours}>
        {(ids) => (
          <Input {...ids} type="number" value={hours} onChange={(event) => setHours(event.target.value)} />
        )}
      </Field>
      <Field label="Why" error={wrong.reason}>
        {(ids) => (
          <Input
            {...ids}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
