'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { fanOf } from '../charts/fan.ts'
import { missedOf } from './missed.ts'

/** The forecast of a past moment and what came of it; `null` data: none had been issued by then. */
export function useReview(workloadId: string, at: number | null) {
  const trpc = useTRPC()
  const query = useQuery(
    trpc.forecast.review.queryOptions(
      { workloadId, at: new Date(at ?? 0).toISOString() },
      { enabled: at !== null, placeholderData: keepPreviousData },
    ),
  )
  const review = at === null ? undefined : query.data
  const fan = useMemo(() => (review ? fanOf(review.snapshot) : []), [review])
  const missed = useMemo(() => (review ? missedOf(review) : []), [review])
  return { review, fan, missed, failure: query.error ? errorMessageOf(query.error) : null }
}
