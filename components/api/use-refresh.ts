'use client'
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import type { AppRouter } from '../../server/api/router.ts'

type Part = keyof AppRouter['_def']['record']

/** Fetches parts of the API again at once, as after a change of one's own, which need not wait for the live stream. */
export function useRefresh(...parts: Part[]): () => Promise<void> {
  const queryClient = useQueryClient()
  return async () => {
    await Promise.all(
      parts.map((part) => queryClient.invalidateQueries({ queryKey: [[part]] satisfies QueryKey })),
    )
  }
}
