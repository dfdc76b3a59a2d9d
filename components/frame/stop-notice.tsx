'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Status } from '../../server/api/contract.ts'
import type { SwitchView } from '../../server/governance/contract.ts'
import { RelativeTime, useNow } from '../ui/clock.tsx'
import { formatCount } from '../ui/format.ts'
import { formatDuration } from '../ui/time.ts'
import { useEnvironment } from './environment.ts'
import { SwitchButton } from './switch-button.tsx'

function Banner({ label, children }: { label: string; children: ReactNode }) {
  return (
    <aside
      aria-label={label}
      className="flex min-h-8 flex-wrap items-center justify-center gap-x-2 gap-y-1 border-b bg-breach-soft px-4 py-1 text-breach text-xs"
    >
      {children}
    </aside>
  )
}

/** On every page while all dispatch is stopped: by whom, since when, why, and what stands still. */
export function StopNotice({ state }: { state: SwitchView }) {
  return (
    <Banner label="Dispatch is stopped">
      <span className="font-semibold">All dispatch is stopped.</span>
      <span>
        {state.who}
        {state.at ? (
          <>
            , <RelativeTime at={state.at} />
          </>
        ) : null}
        : {state.reason}
      </span>
      {state.halted > 0 ? (
        <span>{formatCount(state.halted, 'dispatch', 'dispatches')} at a gate.</span>
      ) : null}
      <SwitchButton state={state} />
    </Banner>
  )
}

/** On every page while somebody's glass is broken, and until what was done under it is reviewed. */
export function GlassNotices({ glass }: { glass: Status['glass'] }) {
  const now = useNow()
  const { link } = useEnvironment()
  const reviews = link('/policies?view=approvals#reviews')
  return (
    <>
      {glass.broken.map(({ id, who, until, reason }) => (
        <Banner key={id} label="The glass is broken">
          <span className="font-semibold">The glass is broken.</span>
          <span>
            {who} approves alone for another {formatDuration(Math.max(0, (Date.parse(until) - now) / 1_000))}:{' '}
            {reason}
          </span>
          <Link href={reviews} className="underline underline-offset-2">
            What was done
          </Link>
        </Banner>
      ))}
      {glass.broken.length === 0 && glass.toReview > 0 ? (
        <aside
          aria-label="Reviews that are open"
          className="flex min-h-7 items-center justify-center gap-2 border-b bg-wait-soft px-4 py-1 text-wait text-xs"
        >
          <Link href={reviews} className="underline underline-offset-2">
            {formatCount(glass.toReview, 'use')} of broken glass {glass.toReview === 1 ? 'waits' : 'wait'} for
            review by somebody else
          </Link>
        </aside>
      ) : null}
    </>
  )
}
