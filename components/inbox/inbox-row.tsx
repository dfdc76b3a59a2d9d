'use client'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { RowChange } from '../plan/row-change.tsx'
import { cn } from '../ui/class-names.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { formatMoney, formatPercent } from '../ui/format.ts'
import { DispatchStateBadge, ProposalStateBadge } from '../ui/state-badge.tsx'
import { Countdown } from './countdown.tsx'

export const rowHeight = 56

/** What, where, why, how sure, what it costs, until when. */
export function InboxRow({
  row,
  href,
  selected,
  gone,
  onOpen,
}: {
  row: ProposalRow
  href: string
  selected: boolean
  gone: boolean
  onOpen: () => void
}) {
  return (
    <a
      href={href}
      aria-current={selected ? 'true' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen()
      }}
      className={cn(
        'flex h-14 flex-col justify-center gap-0.5 border-transparent border-b border-b-line border-l-2 pr-3 pl-2.5 hover:bg-hover',
        selected && 'md:border-l-action md:bg-selected md:hover:bg-selected',
        gone && 'opacity-60',
      )}
    >
      <span className="flex items-baseline gap-2">
        <span className={cn('min-w-0 truncate font-medium', gone && 'line-through')}>
          {row.workload.name}
        </span>
        <RowChange row={row} by />
        <span className="ml-auto shrink-0 text-xs">
          <When row={row} gone={gone} />
        </span>
      </span>
      <span className="flex items-baseline gap-3 overflow-hidden whitespace-nowrap text-muted text-xs">
        <span className="truncate">{row.kind === 'rollback' ? `roll back, ${row.place}` : row.place}</span>
        {row.surgeProbability === null ? (
          <span>{withoutSurge(row)}</span>
        ) : (
          <span className="num">{formatPercent(row.surgeProbability)} surge</span>
        )}
        <span className="num">{formatMoney(row.costChangePerHourUsd, { per: 'h', signed: true })}</span>
        <span className="ml-auto">
          SLO risk{' '}
          <span className="num">
            {formatPercent(row.sloRiskBefore)} → {formatPercent(row.sloRiskAfter)}
          </span>
        </span>
      </span>
    </a>
  )
}

const withoutSurges: Record<ProposalRow['direction'], string> = {
  up: 'no surge',
  down: 'scale down',
  move: 'move',
  stop: 'harmful',
}
const withoutSurge = ({ direction, purpose }: ProposalRow) =>
  direction === 'stop' && purpose !== 'stop-harm' ? 'stop' : withoutSurges[direction]

function When({ row, gone }: { row: ProposalRow; gone: boolean }) {
  if (gone) return <span className="text-muted">no longer here</span>
  if (row.state === 'waiting') {
    return (
      <>
        {row.voidReason ? <span className="mr-2 text-wait">back, was void</span> : null}
        <span className="text-muted">act by </span>
        <Countdown actBy={row.actBy} />
      </>
    )
  }
  return (
    <span className="flex items-center gap-2">
      {row.dispatchState ? (
        <DispatchStateBadge state={row.dispatchState} />
      ) : (
        <ProposalStateBadge state={row.state} />
      )}
      <RelativeTime at={row.createdAt} className="text-muted" />
    </span>
  )
}
