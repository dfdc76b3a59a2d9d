import type { ReactNode } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { SkeletonRows } from './skeleton.tsx'
import { ErrorState } from './states.tsx'

/** What was fetched, or that it is on its way, or what failed and how to try again. */
export function Loaded<Data>({
  what,
  query,
  rows = 6,
  children,
}: {
  what: string
  query: { data: Data | undefined; error: unknown; refetch: () => unknown }
  /** How many lines hold the place. */
  rows?: number
  children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return children(query.data)
  if (!query.error) return <SkeletonRows rows={rows} />
  const error = { message: errorMessageOf(query.error) }
  return <ErrorState what={what} error={error} onRetry={() => void query.refetch()} />
}
