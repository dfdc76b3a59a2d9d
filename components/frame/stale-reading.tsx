'use client'
import { RelativeTime, useCoarseNow } from '../ui/clock.tsx'

/** Targets are read every few seconds; what is older than this was not readable since. */
const staleMs = 120_000

/** Said beside a number that was read from a target, once that is so long ago that it may be another by now. */
export function StaleReading({ at }: { at: string | null }) {
  const now = useCoarseNow(15)
  if (at === null || now - Date.parse(at) < staleMs) return null
  return (
    <span className="text-wait">
      {' '}
      read <RelativeTime at={at} />
    </span>
  )
}
