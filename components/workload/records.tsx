'use client'
import Link from 'next/link'
import type { DecisionRow, ProposalRow } from '../../server/governance/contract.ts'
import { useEnvironment } from '../frame/environment.ts'
import { Countdown } from '../inbox/countdown.tsx'
import { RowChange, RowPlace } from '../plan/row-change.tsx'
import { Button } from '../ui/button.tsx'
import { RelativeTime } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatPercent } from '../ui/format.ts'
import { DecisionKindBadge, DispatchStateBadge } from '../ui/state-badge.tsx'

/** The proposal that waits for this workload, in one line with its deadline. */
export function OpenProposal({ row }: { row: ProposalRow }) {
  const { link } = useEnvironment()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-wait border-l-2 bg-wait-soft px-3 py-2">
      <p className="min-w-0 basis-full sm:flex-1 sm:basis-auto">
        <span className="font-medium">Proposal #{row.number}:</span> <RowChange row={row} />,{' '}
        <RowPlace row={row} />,{' '}
        <span className="num">{formatMoney(row.costChangePerHourUsd, { per: 'h', signed: true })}</span>, SLO
        risk{' '}
        <span className="num">
          {formatPercent(row.sloRiskBefore)} → {formatPercent(row.sloRiskAfter)}
        </span>
      </p>
      <span>
        <span className="text-muted">act by </span>
        <Countdown actBy={row.actBy} />
      </span>
      <Button asChild>
        <Link href={link(`/inbox?proposal=${row.id}`)}>Decide</Link>
      </Button>
    </div>
  )
}

/** What was decided for this workload lately. */
export function RecentDecisions({ rows }: { rows: readonly DecisionRow[] }) {
  const { link } = useEnvironment()
  return (
    <Section title="Recent decisions">
      {rows.length === 0 ? (
        <p className="border-t py-3 text-muted">Nothing has been decided for this workload yet.</p>
      ) : (
        <ul className="border-t">
          {rows.map((row) => (
            <li key={row.id}>
              <Link
                href={link(`/decisions/${row.id}`)}
                className="flex min-h-12 flex-col justify-center gap-0.5 border-b py-1 hover:bg-hover"
              >
                <span className="flex items-center gap-2">
                  <span className="num">#{row.number}</span>
                  <DecisionKindBadge kind={row.kind} />
                  {row.dispatchState ? <DispatchStateBadge state={row.dispatchState} /> : null}
                  <RelativeTime at={row.at} className="ml-auto text-muted text-xs" />
                </span>
                <span className="truncate text-muted text-xs">
                  {row.who}: {row.summary}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
