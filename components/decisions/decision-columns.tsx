import Link from 'next/link'
import type { DecisionRow } from '../../server/governance/contract.ts'
import { Moment } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatMoney, NONE } from '../ui/format.ts'
import { DecisionKindBadge, DispatchStateBadge } from '../ui/state-badge.tsx'
import { formatDayClock } from '../ui/time.ts'

/** The log's columns; order is the server's. */
export function decisionColumns(link: (href: string) => string): Column<DecisionRow>[] {
  return [
    {
      id: 'number',
      header: '#',
      align: 'right',
      cell: ({ id, number }) => (
        <Link href={link(`/decisions/${id}`)} className="hover:underline">
          {number}
        </Link>
      ),
    },
    {
      id: 'at',
      header: 'when',
      sortBy: ({ at }) => at,
      cell: ({ at }) => <Moment at={at} format={formatDayClock} />,
    },
    { id: 'kind', header: 'decision', cell: ({ kind }) => <DecisionKindBadge kind={kind} /> },
    {
      id: 'outcome',
      header: 'outcome',
      cell: ({ dispatchState }) =>
        dispatchState ? (
          <DispatchStateBadge state={dispatchState} />
        ) : (
          <span className="text-faint">{NONE}</span>
        ),
    },
    {
      id: 'workload',
      header: 'workload',
      cell: ({ workload }) => <span className="font-medium">{workload.title}</span>,
    },
    {
      id: 'summary',
      header: 'proposal',
      cell: ({ summary }) => (
        <span className="block max-w-[24ch] truncate 2xl:max-w-[36ch]" title={summary}>
          {summary}
        </span>
      ),
    },
    {
      id: 'cost',
      header: 'cost',
      align: 'right',
      sortBy: ({ costChangePerHourUsd }) => costChangePerHourUsd,
      cell: ({ costChangePerHourUsd }) => formatMoney(costChangePerHourUsd, { per: 'h', signed: true }),
    },
    { id: 'who', header: 'who', cell: ({ who }) => who },
    {
      id: 'reason',
      header: 'why',
      cell: ({ reason }) =>
        reason ? (
          <span className="block max-w-[28ch] truncate 2xl:max-w-[44ch] text-muted" title={reason}>
            {reason}
          </span>
        ) : null,
    },
  ]
}
