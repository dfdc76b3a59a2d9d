'use client'
import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { useZone } from '../ui/clock.tsx'
import { DateTimeInput } from '../ui/date-time-input.tsx'
import { useKeys } from '../ui/keys.ts'
import { formatDuration, zoneLabel } from '../ui/time.ts'

const yearMs = 366 * 86_400_000

/** Chooses the past moment whose forecast the chart shows, by field, step or key; what came of it stands below. */
export function LookBack({
  at,
  now,
  stepSeconds,
  strideSeconds,
  onChange,
  children,
}: {
  at: number
  now: number
  stepSeconds: number
  /** The long step. */
  strideSeconds: number
  onChange: (at: number | null) => void
  /** What became of the forecast of that moment. */
  children: ReactNode
}) {
  const { zone } = useZone()
  const by = (seconds: number) => () => onChange(Math.min(now, at + seconds * 1_000))
  useKeys(
    {
      '[': by(-stepSeconds),
      ']': by(stepSeconds),
      '{': by(-strideSeconds),
      '}': by(strideSeconds),
      Escape: () => onChange(null),
    },
    { repeat: ['[', ']', '{', '}'] },
  )
  const step = formatDuration(stepSeconds)
  const stride = formatDuration(strideSeconds)
  return (
    <section
      aria-label="Forecast then, measured now"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-forecast border-l-2 bg-sunken px-3 py-2"
    >
      <span className="font-medium">Said at</span>
      <div className="flex w-full items-center gap-1 sm:w-auto">
        <Button
          variant="quiet"
          size="icon"
          className="hidden sm:inline-flex"
          aria-label={`${stride} earlier`}
          title={`${stride} earlier  {`}
          onClick={by(-strideSeconds)}
        >
          <ChevronsLeft aria-hidden />
        </Button>
        <Button
          variant="quiet"
          size="icon"
          aria-label={`${step} earlier`}
          title={`${step} earlier  [`}
          onClick={by(-stepSeconds)}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <DateTimeInput
          aria-label={`Moment of the forecast, ${zoneLabel(zone, at)}`}
          className="num min-w-0 flex-1 sm:w-48 sm:flex-none"
          value={at}
          min={now - yearMs}
          max={now}
          onChange={onChange}
        />
        <Button
          variant="quiet"
          size="icon"
          aria-label={`${step} later`}
          title={`${step} later  ]`}
          onClick={by(stepSeconds)}
        >
          <ChevronRight aria-hidden />
        </Button>
        <Button
          variant="quiet"
          size="icon"
          className="hidden sm:inline-flex"
          aria-label={`${stride} later`}
          title={`${stride} later  }`}
          onClick={by(strideSeconds)}
        >
          <ChevronsRight aria-hidden />
        </Button>
      </div>
      <div className="min-w-0 flex-1 basis-72">{children}</div>
      <Button size="sm" onClick={() => onChange(null)}>
        <X aria-hidden />
        Back to now
      </Button>
    </section>
  )
}
