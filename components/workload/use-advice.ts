import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../api/provider.tsx'

/** Advice reads weeks of several signals, so that it is asked apart from what the rest of the page waits for. */
export function useAdvice(workloadId: string) {
  const trpc = useTRPC()
  return useQuery(trpc.workload.advice.queryOptions({ workloadId }, { trpc: { context: { slow: true } } }))
}
