'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { GroupView, UserView } from '../../server/auth/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { CheckList } from '../ui/check-list.tsx'
import { Sheet } from '../ui/dialog.tsx'
import { Section } from '../ui/facts.tsx'
import { Field, Input } from '../ui/field.tsx'
import { formatCount } from '../ui/format.ts'
import { Notice } from '../ui/states.tsx'

/** Who belongs to a group, and the way to take it away; each change asks why, for the log. */
export function GroupSheet({
  group,
  people,
  onClose,
}: {
  group: GroupView
  people: readonly UserView[]
  onClose: () => void
}) {
  const trpc = useTRPC()
  const before = group.members.map(({ id }) => id)
  const [userIds, setUserIds] = useState<string[]>(before)
  const [reason, setReason] = useState('')
  const refresh = useRefresh('group', 'people', 'session')
  const setting = useMutation(
    trpc.group.setMembers.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`Members of ${group.title} changed`)
        setReason('')
      },
    }),
  )
  const removing = useMutation(
    trpc.group.remove.mutationOptions({
      onSuccess: async () => {
        await refresh()
        toast(`Removed ${group.title}`)
        onClose()
      },
    }),
  )
  const error = setting.error ?? removing.error
  const changed = [...userIds].sort().join() !== [...before].sort().join()
  const ready = reason.trim().length >= 3 && !setting.isPending && !removing.isPending
  const given = new Set(group.members.filter(({ fromProvider }) => fromProvider).map(({ id }) => id))

  return (
    <Sheet onClose={onClose} title={group.title} description={`"${group.name}" in rules`}>
      <div className="flex flex-col gap-6">
        {error ? (
          <Notice tone="breach" title="Nothing was changed">
            {errorMessageOf(error)}
          </Notice>
        ) : null}
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
          <CheckList
            label="Members"
            className="max-h-[50dvh] w-full overflow-y-auto"
            options={people
              .filter(({ id, active }) => active || before.includes(id))
              .map(({ id, name, email, active }) => ({
                value: id,
                label: active ? name : `${name} (shut out)`,
                hint: given.has(id) ? `${email}; given by the identity provider` : email,
              }))}
            value={userIds}
            onChange={setUserIds}
          />
          <Button
            variant="primary"
            disabled={!ready || !changed}
            onClick={() => setting.mutate({ groupId: group.id, userIds, reason })}
          >
            Set {formatCount(userIds.length, 'member')}
          </Button>
        </div>
        <Section title="Removal">
          <Button
            variant="danger"
            disabled={!ready}
            onClick={() => removing.mutate({ groupId: group.id, reason })}
          >
            Remove the group
          </Button>
          <p className="mt-2 text-muted text-xs">
            A rule that asks for this group’s approval can be met by nobody from then on.
          </p>
        </Section>
      </div>
    </Sheet>
  )
}
