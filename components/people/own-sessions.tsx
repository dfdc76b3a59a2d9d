'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/facts.tsx'
import { formatCount } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Notice } from '../ui/states.tsx'
import { SessionsList } from './sessions-list.tsx'

/** Where one is signed in, and the way out of it from here. */
export function OwnSessions() {
  const trpc = useTRPC()
  const sessions = useQuery(trpc.session.list.queryOptions())
  const refresh = useRefresh('session')
  const end = useMutation(
    trpc.session.end.mutationOptions({
      onSuccess: async ({ ended }) => {
        await refresh()
        toast(`Ended ${formatCount(ended, 'session')}`)
      },
    }),
  )
  const others = sessions.data?.some(({ current }) => !current) ?? false
  return (
    <Section
      title="Where you are signed in"
      aside={
        others ? (
          <Button size="sm" disabled={end.isPending} onClick={() => end.mutate({})}>
            End all others
          </Button>
        ) : null
      }
    >
      {end.error ? (
        <Notice tone="breach" title="Not ended">
          {errorMessageOf(end.error)}
        </Notice>
      ) : null}
      <Loaded what="Your sessions" query={sessions} rows={2}>
        {(rows) => (
          <SessionsList
            sessions={rows}
            onEnd={end.isPending ? undefined : (sessionId) => end.mutate({ sessionId })}
          />
        )}
      </Loaded>
    </Section>
  )
}
