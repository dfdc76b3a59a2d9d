'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SignalName, WorkloadView } from '../../server/telemetry/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { type MeasuredPoint, measuredOf } from '../charts/fan.ts'

/** Steps as averaged by the server; enough for any width of screen. */
const maxPoints = 600

export type Signal = {
  unit: string
  points: MeasuredPoint[]
  raw: readonly { at: string; value: number | null }[]
  pending: boolean
  failure: string | null
}

/** One signal of the workload over a span, kept on the screen while the next span is fetched. */
export function useSignal(workload: WorkloadView, signal: SignalName, from: number, to: number): Signal {
  const trpc = useTRPC()
  const query = useQuery(
    trpc.workload.signal.queryOptions(
      {
        workloadId: workload.id,
        signal,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        maxPoints,
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const raw = query.data?.points ?? none
  const points = useMemo(() => measuredOf(raw), [raw])
  return {
    unit: query.data?.unit ?? '',
    points,
    raw,
    pending: query.isPending,
    failure: query.error ? errorMessageOf(query.error) : null,
  }
}

const none: Signal['raw'] = []
