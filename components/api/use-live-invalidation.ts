'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef } from 'react'
import type { AppRouter, RouterOutputs } from '../../server/api/router.ts'
import { leaveWhenSignedOut } from './leave-when-signed-out.ts'
import { useTRPC } from './provider.tsx'

type Change = RouterOutputs['changes'] extends AsyncIterable<infer Item> ? Item : never
type Topic = Change['topic']
type Part = Exclude<keyof AppRouter['_def']['record'], 'changes'>

/** Which parts of the API say something else after a change of the topic. */
const affected: Record<Topic, Part[]> = {
  telemetry: ['overview', 'status', 'workload'],
  forecast: ['forecast', 'overview', 'workload'],
  baseModel: ['baseModel'],
  event: ['event'],
  forecaster: ['forecaster'],
  proposal: ['overview', 'policyEngine', 'proposal', 'status', 'workload'],
  decision: ['decision', 'overview', 'proposal', 'status', 'workload'],
  dispatch: ['decision', 'overview', 'proposal', 'status', 'switch', 'target', 'workload'],
  ledger: ['ledger'],
  policy: [
    'approvals',
    'autonomy',
    'breakGlass',
    'overview',
    'policy',
    'policyEngine',
    'proposal',
    'rules',
    'status',
  ],
  target: ['overview', 'scene', 'target'],
  people: ['apiKey', 'group', 'people', 'session'],
  notifier: ['notifier'],
  audit: ['audit', 'status'],
}

/** Changes come in bursts; each part is fetched again at most this often. */
const gatherMs = 750

/**
 * Fetches again what changed on the server, for all screens; call it once, in the frame.
 * `isLive` false: the stream is down, and what is shown may be old; all is fetched again when it is back.
 */
export function useLiveInvalidation(): { isLive: boolean } {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const gathered = useRef(new Set<Part>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wasLive = useRef(false)
  useEffect(() => () => clearTimeout(timer.current), [])

  const invalidate = () => {
    timer.current = undefined
    const parts = [...gathered.current]
    gathered.current.clear()
    for (const part of parts) void queryClient.invalidateQueries({ queryKey: [[part]] })
  }
  const { status } = useSubscription(
    trpc.changes.subscriptionOptions(undefined, {
      onStarted: () => {
        if (wasLive.current) void queryClient.invalidateQueries()
        wasLive.current = true
      },
      onError: leaveWhenSignedOut,
      onData: ({ topic }) => {
        for (const part of affected[topic]) gathered.current.add(part)
        timer.current ??= setTimeout(invalidate, gatherMs)
      },
    }),
  )
  return { isLive: status === 'pending' }
}
