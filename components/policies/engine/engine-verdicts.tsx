import Link from 'next/link'
import type { EngineVerdictView } from '../../../server/governance/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Moment } from '../../ui/clock.tsx'
import { formatNumber, shortHash } from '../../ui/format.ts'
import { askedWords, outcomeLook } from './words.ts'

/** What an engine said, one line for each time it was asked. */
export function EngineVerdicts({
  verdicts,
  linked = false,
}: {
  verdicts: readonly EngineVerdictView[]
  /** Whether each leads to its proposal. */
  linked?: boolean
}) {
  return (
    <ul>
      {verdicts.map((verdict) => {
        const { word, tone } = outcomeLook[verdict.outcome]
        return (
          <li
            key={verdict.id}
            className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-b py-1.5 last:border-b-0"
          >
            <span className="w-20">
              <Badge tone={tone}>{word}</Badge>
            </span>
            <span className="min-w-0 flex-1 basis-60">
              {verdict.text}
              <span className="block text-muted text-xs">
                Asked {askedWords[verdict.decision]}, engine version {verdict.engineVersion},{' '}
                <span className="num">{`${formatNumber(verdict.tookMs)}\u202fms`}</span>, question{' '}
                <span className="font-mono" title={verdict.questionHash}>
                  {shortHash(verdict.questionHash)}
                </span>
              </span>
            </span>
            <span className="num flex items-baseline gap-3 text-muted text-xs">
              {linked ? (
                <Link className="underline" href={`/inbox?view=all&proposal=${verdict.proposalId}`}>
                  Proposal
                </Link>
              ) : null}
              <Moment at={verdict.at} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
