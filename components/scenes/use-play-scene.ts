'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '../api/provider.tsx'

type Verb = 'start' | 'stop' | 'reset'

/** Starts, stops and begins anew; `pending` is what is under way. What comes with a scene is fetched again after each. */
export function usePlayScene(scene: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [pending, setPending] = useState<Verb | null>(null)
  const start = useMutation(trpc.scene.start.mutationOptions())
  const stop = useMutation(trpc.scene.stop.mutationOptions())
  const [error, setError] = useState<unknown>(null)

  const run = (verb: Verb, work: () => Promise<unknown>) => async () => {
    setPending(verb)
    setError(null)
    try {
      await work()
    } catch (reason) {
      setError(reason)
    }
    for (const part of ['scene', 'workload', 'overview', 'target'])
      void queryClient.invalidateQueries({ queryKey: [[part]] })
    setPending(null)
  }
  const input = { scene }
  return {
    pending,
    error,
    start: run('start', () => start.mutateAsync(input)),
    stop: run('stop', () => stop.mutateAsync(input)),
    reset: run('reset', async () => {
      await stop.mutateAsync(input)
      await start.mutateAsync(input)
    }),
  }
}
