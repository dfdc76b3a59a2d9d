'use client'
import { Laptop } from 'lucide-react'
import type { SessionRow } from '../../server/auth/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { formatDayClock } from '../ui/time.ts'

const methods: Record<SessionRow['method'], string> = {
  password: 'password',
  invitation: 'invitation',
  provider: 'identity provider',
}

/** Browsers in which somebody is signed in. `onEnd` absent: nothing can be ended just now. */
export function SessionsList({
  sessions,
  onEnd,
}: {
  sessions: readonly SessionRow[]
  onEnd?: (sessionId: string) => void
}) {
  if (sessions.length === 0) return <p className="text-muted">Nowhere signed in.</p>
  return (
    <ul className="flex flex-col">
      {sessions.map((session) => (
        <li
          key={session.id}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 last:border-b-0"
        >
          <Laptop aria-hidden className="size-4 shrink-0 text-muted" />
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{session.browser}</span>
              {session.current ? <Badge tone="verified">this browser</Badge> : null}
            </p>
            <p className="text-muted text-xs">
              last seen <RelativeTime at={session.lastSeenAt} /> from{' '}
              <span className="num">{session.address}</span>; signed in by {methods[session.method]}
              {session.strong ? ' and second factor' : ''}; ends{' '}
              <Moment at={session.expiresAt} format={formatDayClock} />
            </p>
          </div>
          {session.current || !onEnd ? null : (
            <Button size="sm" onClick={() => onEnd(session.id)}>
              End<span className="sr-only"> {session.browser}</span>
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
