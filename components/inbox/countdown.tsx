'use client'
import { cn } from '../ui/class-names.ts'
import { useNow, useZone } from '../ui/clock.tsx'
import { formatCountdown, formatMoment } from '../ui/time.ts'

/** What is left until a decision stops being useful: plain, then amber under ten minutes, then red and "late". */
export function Countdown({ actBy, className }: { actBy: string; className?: string }) {
  const now = useNow()
  const { zone } = useZone()
  const deadline = Date.parse(actBy)
  const left = deadline - now
  return (
    <time
      dateTime={actBy}
      title={`act by ${formatMoment(deadline, zone)}`}
      className={cn(
        'num whitespace-nowrap',
        left < 0 ? 'text-breach' : left < 600_000 && 'text-wait',
        className,
      )}
    >
      {formatCountdown(deadline, now)}
    </time>
  )
}
