'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { errorCodeOf, errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useDecisionRefresh } from './use-decision-refresh.ts'
import type { Chosen } from './use-override.ts'

/** A refusal as the person is told: what the server said, and whether somebody or something was first. */
export type Refusal = { conflict: boolean; message: string }

/**
 * Sends decisions about one proposal, each bound to what the person saw. `refusal` stays until the next try; after any
 * answer everything about proposals and decisions is fetched again.
 */
export function useDecide(proposal: ProposalDetail, onRolledBack: (next: ProposalDetail) => void) {
  const trpc = useTRPC()
  const refresh = useDecisionRefresh()
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const callbacks = {
    onMutate: () => setRefusal(null),
    onError: (error: unknown) =>
      setRefusal({ conflict: errorCodeOf(error) === 'CONFLICT', message: errorMessageOf(error) }),
    onSettled: refresh,
  }
  const approve = useMutation(trpc.proposal.approve.mutationOptions(callbacks))
  const override = useMutation(trpc.proposal.override.mutationOptions(callbacks))
  const reject = useMutation(trpc.proposal.reject.mutationOptions(callbacks))
  const rollback = useMutation(
    trpc.proposal.rollback.mutationOptions({ ...callbacks, onSuccess: onRolledBack }),
  )
  const seen = {
    proposalId: proposal.id,
    revision: proposal.revision,
    contentHash: proposal.contentHash,
  }
  return {
    refusal,
    busy: approve.isPending || override.isPending || reject.isPending || rollback.isPending,
    approve: (note: string, waiver?: string) =>
      approve.mutateAsync({ ...seen, note: note || undefined, waiver }),
    override: (chosen: Chosen, previewHash: string, reason: string, waiver?: string) =>
      override.mutateAsync({ ...seen, ...chosen, previewHash, reason, waiver }),
    reject: (reason: string) => reject.mutateAsync({ ...seen, reason }),
    rollback: (reason: string, waiver?: string) =>
      rollback.mutateAsync({ proposalId: proposal.id, reason, waiver }),
  }
}

export type Decide = ReturnType<typeof useDecide>
