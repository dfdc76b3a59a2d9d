'use client'
import type { EventView } from '../../../server/forecast/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Moment } from '../../ui/clock.tsx'
import { formatDayClock, formatDuration, formatRelative } from '../../ui/time.ts'
import { effectWords, kindWords, scopeOf } from './event-form.ts'

const scopeWords = { workload: 'this workload', team: 'the whole team', all: 'every workload' }

/** One planned event: what, when, how much, whom it touches. */
export function EventRow({
  event,
  now,
  onChange,
  onCancel,
}: {
  event: EventView
  now: number
  /** Null where the person may not. */
  onChange: (() => void) | null
  onCancel: (() => void) | null
}) {
  const [startsAt, endsAt] = [Date.parse(event.startsAt), Date.parse(event.endsAt)]
  const running = startsAt <= now && now < endsAt
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b py-1.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="break-words font-medium">{event.name}</span>
          <Badge>{kindWords[event.kind]}</Badge>
          {running ? <Badge tone="forecast">now</Badge> : null}
        </p>
        <p className="text-muted text-xs">
          <Moment at={startsAt} format={formatDayClock} /> to <Moment at={endsAt} format={formatDayClock} />,{' '}
          <span className="num">{formatDuration((endsAt - startsAt) / 1000)}</span>
          {startsAt > now ? <>, {formatRelative(startsAt, now)}</> : null}
        </p>
      </div>
      <p className="basis-48 text-xs">
        <span className="block text-sm tabular-nums">{effectWords(event.expectedFactor)}</span>
        <span className="text-muted">{scopeWords[scopeOf(event)]}</span>
      </p>
      {onChange && onCancel && endsAt > now ? (
        <div className="flex gap-1">
          <Button size="sm" variant="quiet" aria-label={`Change ${event.name}`} onClick={onChange}>
            Change
          </Button>
          <Button size="sm" variant="quiet" aria-label={`Cancel ${event.name}`} onClick={onCancel}>
            Cancel
          </Button>
        </div>
      ) : null}
    </li>
  )
}
