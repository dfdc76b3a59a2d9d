import Link from 'next/link'
import type { ReactNode } from 'react'
import type { LedgerEntryView, Worth } from '../../server/evaluation/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { Moment } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatMoney, NONE } from '../ui/format.ts'
import { DecisionKindBadge } from '../ui/state-badge.tsx'
import { formatDayClock, formatDuration } from '../ui/time.ts'
import { formatCarbon, formatMinutes } from './words.ts'

/** Entries of the ledger, newest first: what each saved (+) or cost (−). */
export function ledgerColumns(link: (href: string) => string): Column<LedgerEntryView>[] {
  return [
    {
      id: 'number',
      header: 'decision',
      align: 'right',
      cell: ({ decisionId, decisionNumber }) => (
        <Link href={link(`/decisions/${decisionId}`)} className="underline underline-offset-2">
          #{decisionNumber}
        </Link>
      ),
    },
    { id: 'from', header: 'from', cell: ({ from }) => <Moment at={from} format={formatDayClock} /> },
    {
      id: 'span',
      header: 'over',
      align: 'right',
      cell: ({ from, until }) => formatDuration((Date.parse(until) - Date.parse(from)) / 1_000),
    },
    {
      id: 'state',
      header: 'state',
      cell: ({ final }) => <Badge tone={final ? 'neutral' : 'wait'}>{final ? 'final' : 'provisional'}</Badge>,
    },
    { id: 'kind', header: 'kind', cell: ({ kind }) => <DecisionKindBadge kind={kind} /> },
    {
      id: 'workload',
      header: 'workload',
      cell: ({ workload }) => <span className="font-medium">{workload.title}</span>,
    },
    ...versus(
      'reactive',
      'vs reactive',
      ({ vsReactive }) => vsReactive,
      ({ grounds }) => (grounds.reactiveIs === 'hold' ? 'vs nothing done' : null),
    ),
    ...versus('proposed', 'vs the proposal', ({ vsProposed }) => vsProposed),
    { id: 'who', header: 'who', cell: ({ who }) => who },
  ]
}

function versus(
  id: string,
  words: string,
  of: (entry: LedgerEntryView) => Worth | null,
  /** What it is held against, where that is not what the head says. */
  instead: (entry: LedgerEntryView) => string | null = () => null,
): Column<LedgerEntryView>[] {
  const column = (
    name: string,
    header: string,
    format: (worth: Worth, entry: LedgerEntryView) => ReactNode,
  ): Column<LedgerEntryView> => ({
    id: `${id}-${name}`,
    header,
    align: 'right',
    className: 'px-2',
    cell: (entry) => {
      const worth = of(entry)
      return worth === null ? <span className="text-faint">{NONE}</span> : format(worth, entry)
    },
  })
  return [
    column('cost', `${words}, $`, ({ costUsd }, entry) => (
      <>
        {instead(entry) ? <span className="mr-1 text-muted text-xs">{instead(entry)}</span> : null}
        {formatMoney(costUsd, { signed: true })}
      </>
    )),
    column('late', 'late', ({ violationMinutes }) => formatMinutes(violationMinutes)),
    column('carbon', 'CO₂', ({ carbonG }) => formatCarbon(carbonG)),
  ]
}
