'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { BaseModelRow } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'

/** Sends decisions about one base, each bound to the base that the person saw; fetches again after any answer. */
export function useDecideBase({ id, hash }: Pick<BaseModelRow, 'id' | 'hash'>) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const callbacks = {
    onSettled: () =>
      Promise.all(
        ['baseModel', 'status'].map((part) => queryClient.invalidateQueries({ queryKey: [[part]] })),
      ),
  }
  const approve = useMutation(trpc.baseModel.approve.mutationOptions(callbacks))
  const reject = useMutation(trpc.baseModel.reject.mutationOptions(callbacks))
  const rollback = useMutation(trpc.baseModel.rollback.mutationOptions(callbacks))
  const seen = { id: id ?? '', hash }
  return {
    busy: approve.isPending || reject.isPending || rollback.isPending,
    approve: (reason: string) => approve.mutateAsync({ ...seen, reason }),
    reject: (reason: string) => reject.mutateAsync({ ...seen, reason }),
    rollback: (reason: string) => rollback.mutateAsync({ ...seen, reason }),
  }
}
