'use client'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import type { Ref } from 'react'
import type { ProposalDetail } from '../../server/governance/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { TouchedAlso } from '../plan/touched-workloads.tsx'
import { changeOf, placeOf, purposeName } from '../plan/words.ts'
import { Button } from '../ui/button.tsx'
import { Moment } from '../ui/clock.tsx'
import { formatPercent } from '../ui/format.ts'
import { ProposalStateBadge } from '../ui/state-badge.tsx'
import { formatClock } from '../ui/time.ts'
import { Countdown } from './countdown.tsx'

/** What it is about in one line, how sure, and until when. */
export function ProposalHead({
  proposal,
  titleRef,
  onBack,
}: {
  proposal: ProposalDetail
  titleRef: Ref<HTMLHeadingElement>
  onBack: () => void
}) {
  const { link } = useEnvironment()
  const { content } = proposal
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-2">
      <Button
        variant="quiet"
        size="icon"
        className="-ml-2 md:hidden"
        aria-label="Back to the list"
        onClick={onBack}
      >
        <ArrowLeft aria-hidden />
      </Button>
      <div className="min-w-0 flex-1">
        <h2 ref={titleRef} tabIndex={-1} className="font-semibold text-base outline-none md:truncate">
          <Link href={link(`/workloads/${proposal.workload.name}`)} className="hover:underline">
            {proposal.workload.title}
          </Link>{' '}
          <span className="font-normal text-muted">
            {proposal.kind === 'rollback' ? 'roll back' : purposeName(content.purpose)}
          </span>{' '}
          <span className="num">{changeOf(content.actions)}</span>
        </h2>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          <span className="num">#{proposal.number}</span>
          <span>{placeOf(content)}</span>
          <TouchedAlso actions={content.actions} own={proposal.workload.id} />
          <span>{proposal.workload.environment}</span>
          <span>
            confidence <span className="num">{formatPercent(content.confidence)}</span>
          </span>
          {content.evidence.surge ? (
            <span>
              surge <span className="num">{formatPercent(content.evidence.surge.probability)}</span> at{' '}
              <Moment at={content.evidence.surge.startsAt} format={formatClock} />
            </span>
          ) : null}
        </p>
      </div>
      {proposal.state === 'waiting' ? (
        <p className="w-full md:w-auto md:text-right">
          <span className="text-muted">act by </span>
          <Moment at={proposal.actBy} format={formatClock} />{' '}
          <Countdown actBy={proposal.actBy} className="font-medium" />
        </p>
      ) : (
        <ProposalStateBadge state={proposal.state} />
      )}
    </header>
  )
}
