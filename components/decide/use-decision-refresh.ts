'use client'
import { useQueryClient } from '@tanstack/react-query'

/** Fetches everything about proposals and decisions again; after any answer, so also after a refusal. */
export function useDecisionRefresh(): () => Promise<unknown> {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      ['proposal', 'decision', 'status', 'overview'].map((part) =>
        queryClient.invalidateQueries({ queryKey: [[part]] }),
      ),
    )
}
