'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { UserView } from '../../server/auth/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { formatCount } from '../ui/format.ts'
import { Sessions } from './sessions.tsx'

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
  const endOf = (sessionId?: string) => end.mutate({ userId: person.id, reason: reason ?? '', sessionId })
  return (
    <Sessions
      title="Signed in"
      what="Sessions"
      query={sessions}
      error={end.error}
      endAll={sessions.data?.length ? { words: 'End all', act: () => endOf() } : null}
      onEnd={reason === null || end.isPending ? undefined : endOf}
    />
  )
}
