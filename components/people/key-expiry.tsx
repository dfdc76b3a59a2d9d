'use client'
import { TriangleAlert } from 'lucide-react'
import { RelativeTime, useNow } from '../ui/clock.tsx'

const soonMs = 14 * 86_400_000

/** Whether a key that still stands will end within two weeks: time to make its successor. */
export const endsSoon = (expiresAt: string | null, now: number) =>
  expiresAt !== null && Date.parse(expiresAt) > now && Date.parse(expiresAt) - now < soonMs

/** When a key ends, marked where that is soon. */
export function KeyExpiry({ expiresAt }: { expiresAt: string | null }) {
  const now = useNow()
  if (!expiresAt) return 'never'
  if (!endsSoon(expiresAt, now)) return <RelativeTime at={expiresAt} />
  return (
    <span className="inline-flex items-center gap-1 text-wait">
      <TriangleAlert aria-hidden className="size-3.5" />
      soon: <RelativeTime at={expiresAt} />
    </span>
  )
}
