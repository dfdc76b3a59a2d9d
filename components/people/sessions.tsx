'use client'
import { Laptop } from 'lucide-react'
import type { ComponentProps } from 'react'
import type { SessionRow } from '../../server/auth/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Notice } from '../ui/states.tsx'
import { formatDayClock } from '../ui/time.ts'

const methods: Record<SessionRow['method'], string> = {
  password: 'password',
  invitation: 'invitation',
  provider: 'identity provider',
}

type SessionsProps = {
  title: string
  /** What is loaded, for the words of a failure. */
  what: string
  query: ComponentProps<typeof Loaded<SessionRow[]>>['query']
  /** Why ending failed. */
  error: Parameters<typeof errorMessageOf>[0] | null
  /** What ends several at once; null where there is nothing to end so. */
  endAll: { words: string; act: () => void } | null
  /** Ends one; absent while nothing can be ended. */
  onEnd?: (sessionId: string) => void
}

/** Where somebody is signed in, and the way to end it. */
export function Sessions({ title, what, query, error, endAll, onEnd }: SessionsProps) {
  return (
    <Section
      title={title}
      aside={
        endAll ? (
          <Button size="sm" disabled={!onEnd} onClick={endAll.act}>
            {endAll.words}
          </Button>
        ) : null
      }
    >
      {error ? (
        <Notice tone="breach" title="Not ended">
          {errorMessageOf(error)}
        </Notice>
      ) : null}
      <Loaded what={what} query={query} rows={2}>
        {(rows) => <SessionsList sessions={rows} onEnd={onEnd} />}
      </Loaded>
    </Section>
  )
}

/** Browsers in which somebody is signed in. `onEnd` absent: nothing can be ended just now. */
function SessionsList({
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
