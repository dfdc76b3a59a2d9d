'use client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ProposalDetail, RunWindow } from '../../server/governance/contract.ts'
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
  const [decided, setDecided] = useState<string | null>(null)
  const onSuccess = ({ id }: { id: string }) => setDecided(id)
  const callbacks = {
    onMutate: () => setRefusal(null),
    onError: (error: unknown) =>
      setRefusal({ conflict: errorCodeOf(error) === 'CONFLICT', message: errorMessageOf(error) }),
    onSettled: refresh,
  }
  const approve = useMutation(trpc.proposal.approve.mutationOptions({ ...callbacks, onSuccess }))
  const override = useMutation(trpc.proposal.override.mutationOptions({ ...callbacks, onSuccess }))
  const reject = useMutation(trpc.proposal.reject.mutationOptions({ ...callbacks, onSuccess }))
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
    /** The decision that was just made here; null before. */
    decided,
    busy: approve.isPending || override.isPending || reject.isPending || rollback.isPending,
    approve: ({ note, waiver, window }: { note: string; waiver?: string; window?: RunWindow }) =>
      approve.mutateAsync({ ...seen, note: note || undefined, waiver, window }),
    override: (chosen: Chosen, previewHash: string, reason: string, waiver?: string) =>
      override.mutateAsync({ ...seen, ...chosen, previewHash, reason, waiver }),
    reject: (reason: string) => reject.mutateAsync({ ...seen, reason }),
    rollback: (reason: string, waiver?: string) =>
      rollback.mutateAsync({ proposalId: proposal.id, reason, waiver }),
  }
}

export type Decide = ReturnType<typeof useDecide>
