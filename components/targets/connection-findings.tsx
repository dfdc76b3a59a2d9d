'use client'
import type { ConnectionCheck } from '../../server/dispatch/contract.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { type Fact, Facts, Words } from '../ui/facts.tsx'
import { formatNumber } from '../ui/format.ts'
import { Notice } from '../ui/states.tsx'

/** Rights beyond these are counted: whoever lacks so many applies the whole manifest. */
const shownRights = 12

/** What a test of a connection found: as whom, at what, until when, and what it may not do. */
export function ConnectionFindings({
  name,
  targets,
  found,
}: {
  name: string
  /** How many it has: their rights were tried, and no others. */
  targets: number
  found: ConnectionCheck
}) {
  const { ok, message, examination } = found
  const missing = examination?.missing ?? []
  const untried = ok && targets === 0
  const title = untried
    ? `${name} is reached; it has no targets yet, so no right was tried`
    : ok
      ? `${name} works`
      : examination
        ? `${name} is reached, and lacks ${missing.length === 1 ? 'a right' : `${formatNumber(missing.length)} rights`}`
        : `${name} does not work`
  return (
    <div className="flex flex-col gap-2">
      <Notice tone={untried ? 'wait' : ok ? 'verified' : examination ? 'wait' : 'breach'} title={title}>
        {missing.length > 0 ? (
          <ul className="list-disc pl-4">
            {missing.slice(0, shownRights).map((each) => (
              <li key={each} className="break-words">
                {each}
              </li>
            ))}
            {missing.length > shownRights ? <li>and {missing.length - shownRights} more</li> : null}
          </ul>
        ) : (
          message
        )}
        {missing.length > 0 ? (
          <p className="mt-1">Apply the manifest under “Rights” in that cluster, then try it again.</p>
        ) : null}
      </Notice>
      {examination ? <Facts facts={factsOf(examination)} className="max-w-2xl" /> : null}
    </div>
  )
}

function factsOf({
  knownAs,
  server,
  version,
  latencyMs,
  expiresAt,
  kinds,
}: NonNullable<ConnectionCheck['examination']>): Fact[] {
  return [
    { term: 'known as', value: knownAs },
    { term: 'server', value: version ? `${server}, ${version}` : server },
    { term: 'answers within', value: `${formatNumber(latencyMs)} ms` },
    {
      term: 'credentials end',
      value: expiresAt ? (
        <RelativeTime at={expiresAt} />
      ) : (
        <Words>they do not say, or are renewed by themselves</Words>
      ),
    },
    ...(kinds.length > 0
      ? [{ term: 'kinds of target there', value: <Words>{kinds.join(', ')}</Words> }]
      : []),
  ]
}
