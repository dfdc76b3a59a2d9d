'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { UserView } from '../../server/auth/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Notice } from '../ui/states.tsx'
import { SessionsList } from './sessions-list.tsx'

/** Where a person is signed in. `reason`: null until it says enough; nothing can be ended without it. */
export function PersonSessions({ person, reason }: { person: UserView; reason: string | null }) {
  const trpc = useTRPC()
  const sessions = useQuery(trpc.people.sessions.queryOptions({ userId: person.id }))
  const refresh = useRefresh('people', 'session')
  const end = useMutation(
    trpc.people.endSessions.mutationOptions({
      onSuccess: async ({ ended }) => {
        await refresh()
        toast(`Ended ${formatCount(ended, 'session')} of ${person.name}`)
      },
    }),
  )
  const mayEnd = reason !== null && !end.isPending
  return (
    <Section
      title="Signed in"
      aside={
        sessions.data?.length ? (
          <Button
            size="sm"
            disabled={!mayEnd}
            onClick={() => end.mutate({ userId: person.id, reason: reason ?? '' })}
          >
            End all
          </Button>
        ) : null
      }
    >
      {end.error ? (
        <Notice tone="breach" title="Not ended">
          {errorMessageOf(end.error)}
        </Notice>
      ) : null}
      <Loaded what="Sessions" query={sessions} rows={2}>
        {(rows) => (
          <SessionsList
            sessions={rows}
            onEnd={mayEnd ? (sessionId) => end.mutate({ userId: person.id, sessionId, reason }) : undefined}
          />
        )}
      </Loaded>
    </Section>
  )
}
