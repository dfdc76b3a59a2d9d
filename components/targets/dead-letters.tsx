'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { DeadLetterView } from '../../server/dispatch/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { DeadLetterActions } from '../decisions/dead-letter-actions.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { Moment, RelativeTime, useNow } from '../ui/clock.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { DispatchStateBadge } from '../ui/state-badge.tsx'
import { EmptyState } from '../ui/states.tsx'

/** The tab’s words, with how many wait. */
export function DeadLettersLabel() {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.decision.deadLetters.queryOptions())
  return (
    <>Dead letters{data?.length ? <span className="num ml-1.5 text-breach">{data.length}</span> : null}</>
  )
}

/** What was approved and could not be delivered: nobody carries it on until a person has it tried again or gives it up. */
export function DeadLetters() {
  const trpc = useTRPC()
  const query = useQuery(trpc.decision.deadLetters.queryOptions())
  return (
    <Loaded what="Dead letters" query={query}>
      {(letters) =>
        letters.length === 0 ? (
          <EmptyState title="Everything could be delivered">
            What cannot be written or read back for a while stands here, until a person has it tried again or
            gives it up.
          </EmptyState>
        ) : (
          <ul aria-label="Dead letters" className="border-t">
            {letters
              .toSorted((a, b) => b.since.localeCompare(a.since))
              .map((letter) => (
                <Letter key={letter.decisionId} letter={letter} />
              ))}
          </ul>
        )
      }
    </Loaded>
  )
}

function Letter({ letter }: { letter: DeadLetterView }) {
  const { decisionId, decisionNumber, workload, state, targetName, since, goodUntil, note } = letter
  const { link } = useEnvironment()
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b py-2">
      <div className="flex min-w-[16rem] flex-1 flex-col gap-1">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <Link className="font-medium underline underline-offset-2" href={link(`/decisions/${decisionId}`)}>
            Decision <span className="num">#{decisionNumber}</span>, {workload.title}
          </Link>
          <DispatchStateBadge state={state} stopped />
          <span className="text-muted">
            stopped at {targetName ?? 'its start'}, <RelativeTime at={since} />
          </span>
        </p>
        <p className="max-w-[88ch] break-words">{note}</p>
        {goodUntil ? <GoodUntil at={goodUntil} /> : null}
      </div>
      <DeadLetterActions {...{ decisionId, goodUntil }} name={`decision ${decisionNumber}`} />
    </li>
  )
}

function GoodUntil({ at }: { at: string }) {
  const over = useNow() >= Date.parse(at)
  return (
    <p className="text-muted text-xs">
      What was approved {over ? 'could' : 'can'} be written until <Moment at={at} />
      {over ? ': it takes another plan, and this one is given up.' : '.'}
    </p>
  )
}
