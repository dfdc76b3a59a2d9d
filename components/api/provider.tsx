'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import { type ReactNode, useState } from 'react'
import superjson from 'superjson'
import type { AppRouter } from '../../server/api/router.ts'
import { activityHeaders } from './activity.ts'
import { errorCodeOf } from './errors.ts'
import { leaveWhenSignedOut } from './leave-when-signed-out.ts'

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

export { useTRPC, useTRPCClient }

/** What every page that talks to the server stands in. Leaves for the sign-in page when the session has ended. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient)
  const [client] = useState(createClient)
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}

function createClient() {
  const stream = { url: '/api/trpc', transformer: superjson }
  const transport = { ...stream, headers: activityHeaders }
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink(stream),
        // Answers of one batch arrive together: what takes long would hold up the rest of it.
        false: splitLink({
          condition: (operation) => operation.context.slow === true,
          true: httpBatchLink({ ...transport, maxItems: 1 }),
          false: httpBatchLink({ ...transport, maxURLLength: 4_000 }),
        }),
      }),
    ],
  })
}

/** Refusals are final; only what looks like a broken connection is asked again. */
function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => {
          leaveWhenSignedOut(error)
          return errorCodeOf(error) === null && failures < 2
        },
      },
      mutations: {
        retry: (_failures, error) => {
          leaveWhenSignedOut(error)
          return false
        },
      },
    },
  })
}
