'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { OverridePreview, ProposalDetail } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { parseReplicas } from './replicas.ts'

export type OverrideState = {
  text: string
  setText: (text: string) => void
  problem: string | null
  /** Recomputed for the number that stands in the field; null while on its way. */
  preview: OverridePreview | null
  /** The last one that was recomputed, to keep the layout still while the next is on its way. */
  last: OverridePreview | undefined
  failure: string | null
  toReplicas: number | null
}

/** The number being edited, and all that follows from it, recomputed by the server shortly after each change. */
export function useOverride(proposal: ProposalDetail, start: number | null): OverrideState {
  const trpc = useTRPC()
  const [text, setText] = useState(String(start ?? proposal.toReplicas))
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 200)
    return () => clearTimeout(timer)
  }, [text])
  const parsed = parseReplicas(text)
  const asked = parseReplicas(settled)
  const toReplicas = 'value' in parsed ? parsed.value : null
  const askedReplicas = 'value' in asked ? asked.value : null
  const query = useQuery(
    trpc.proposal.previewOverride.queryOptions(
      { proposalId: proposal.id, toReplicas: askedReplicas ?? 0 },
      { enabled: askedReplicas !== null, placeholderData: keepPreviousData, staleTime: 0 },
    ),
  )
  const current = toReplicas !== null && askedReplicas === toReplicas && !query.isPlaceholderData
  return {
    text,
    setText,
    problem: 'problem' in parsed ? parsed.problem : null,
    preview: current && query.data ? query.data : null,
    last: query.data,
    failure: current && query.error ? errorMessageOf(query.error) : null,
    toReplicas,
  }
}
