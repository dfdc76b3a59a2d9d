'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import { useTRPC } from '../api/provider.tsx'
import { useRefresh } from '../api/use-refresh.ts'
import { formatCount } from '../ui/format.ts'
import { Sessions } from './sessions.tsx'

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
    <Sessions
      title="Where you are signed in"
      what="Your sessions"
      query={sessions}
      error={end.error}
      endAll={others ? { words: 'End all others', act: () => end.mutate({}) } : null}
      onEnd={end.isPending ? undefined : (sessionId) => end.mutate({ sessionId })}
    />
  )
}
