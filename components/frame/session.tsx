'use client'
import { useQuery } from '@tanstack/react-query'
import type { Permission } from '../../server/auth/contract.ts'
import { useTRPC } from '../api/provider.tsx'

/** Who is signed in; undefined until known. */
export function useSession() {
  const trpc = useTRPC()
  return useQuery(trpc.session.get.queryOptions(undefined, { staleTime: 60_000 })).data
}

/** Whether the person may do it; false until known. The server decides again on every call. */
export function useMay(permission: Permission): boolean {
  return useSession()?.may[permission] ?? false
}
