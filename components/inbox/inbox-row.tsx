'use client'
import { Square, SquareCheck } from 'lucide-react'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { waitingCostUsd } from '../../server/plan/contract.ts'
import { RowChange, RowPlace } from '../plan/row-change.tsx'
import { cn } from '../ui/class-names.ts'
import { Moment, RelativeTime, useCoarseNow } from '../ui/clock.tsx'
import { formatCount, formatMoney, formatPercent } from '../ui/format.ts'
import { DispatchStateBadge, ProposalStateBadge } from '../ui/state-badge.tsx'
import { formatClock } from '../ui/time.ts'
import { Countdown } from './countdown.tsx'

/** In pixels; a change at several pools stands whole on lines of its own. */
export const rowHeightOf = ({ kind, actionCount }: Pick<ProposalRow, 'kind' | 'actionCount'>) =>
  isLong({ kind, actionCount }) ? 88 : 56

const isLong = ({ kind, actionCount }: Pick<ProposalRow, 'kind' | 'actionCount'>) =>
  kind !== 'rollback' && actionCount > 1

/** What, where, why, how sure, what it costs, until when. */
export function InboxRow({
  row,
  href,
  selected,
  gone,
  checked,
  onOpen,
  onCheck,
}: {
  row: ProposalRow
  href: string
  selected: boolean
  gone: boolean
  /** Among those to be decided together. */
  checked: boolean
  onOpen: () => void
  /** Absent where nothing can be decided. */
  onCheck?: () => void
}) {
  return (
    <div className="relative">
      {onCheck ? <CheckRow {...{ row, checked, onCheck }} /> : null}
      <a
        href={href}
        aria-current={selected ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onOpen()
        }}
        className={cn(
          'flex flex-col justify-center gap-0.5 border-transparent border-b border-b-line border-l-2 pr-3 hover:bg-hover',
          isLong(row) ? 'h-22' : 'h-14',
          onCheck ? 'pl-8' : 'pl-2.5',
          selected && 'md:border-l-action md:bg-selected md:hover:bg-selected',
          gone && 'opacity-60',
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className={cn('min-w-0 truncate font-medium', gone && 'line-through')}>
            {row.workload.name}
          </span>
          {isLong(row) ? null : <RowChange row={row} by />}
          <span className="ml-auto shrink-0 text-xs">
            <When row={row} gone={gone} />
          </span>
        </span>
        {isLong(row) ? <RowPlace row={row} className="line-clamp-2 text-xs leading-4" /> : null}
        <span className="flex items-baseline gap-3 overflow-hidden whitespace-nowrap text-muted text-xs">
          <Standing row={row} />
          {isLong(row) ? <RowChange row={row} /> : <RowPlace row={row} className="truncate" />}
          {row.surgeProbability === null ? (
            <span>
              {withoutSurge(row)} <span className="num">{formatPercent(row.confidence)}</span> sure
            </span>
          ) : (
            <span className="num">{formatPercent(row.surgeProbability)} surge</span>
          )}
          <span className="num">{formatMoney(row.costChangePerHourUsd, { per: 'h', signed: true })}</span>
          <WaitingCost row={row} />
        </span>
      </a>
    </div>
  )
}

function CheckRow({ row, checked, onCheck }: { row: ProposalRow; checked: boolean; onCheck: () => void }) {
  const Mark = checked ? SquareCheck : Square
  return (
    // biome-ignore lint/a11y/useSemanticElements: an input would swallow the keys of the list
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={`Select #${row.number}`}
      onClick={onCheck}
      className={cn(
        'absolute inset-y-0 left-0 z-10 flex w-8 items-center justify-center [&_svg]:size-4',
        checked ? 'text-action' : 'text-faint hover:text-ink',
      )}
    >
      <Mark aria-hidden />
    </button>
  )
}

/** What is expected to be lost by leaving it: what the list is ordered by. */
function WaitingCost({ row }: { row: ProposalRow }) {
  const now = useCoarseNow(15)
  if (row.state !== 'waiting') return null
  const cost = waitingCostUsd(row, now)
  return (
    <span
      className="ml-auto"
      title={`Expected to be lost by leaving it: ${formatMoney(cost)}, of ${formatMoney(Math.max(0, row.regretUsd))} if nobody ever acts`}
    >
      waiting <span className="num">{formatMoney(cost)}</span>
    </span>
  )
}

const withoutSurges: Record<ProposalRow['direction'], string> = {
  up: 'no surge,',
  down: '',
  move: '',
  stop: 'harmful,',
}
const withoutSurge = ({ direction, purpose }: ProposalRow) =>
  direction === 'stop' && purpose !== 'stop-harm' ? '' : withoutSurges[direction]

/** What became of it while it waits; on the second line, so that name and change keep the first. */
function Standing({ row }: { row: ProposalRow }) {
  if (row.state !== 'waiting' || row.snoozedUntil) return null
  return (
    <>
      {row.voidReason ? <span className="text-wait">back, was void</span> : null}
      {row.countered ? (
        <span className={row.newerAdvice ? 'text-breach' : 'text-wait'} title={row.newerAdvice ?? undefined}>
          {row.newerAdvice ? 'older advice' : 'counter-proposal'}
        </span>
      ) : null}
      {row.endorsements > 0 ? <span>{formatCount(row.endorsements, 'yes', 'yeses')}</span> : null}
    </>
  )
}

function When({ row, gone }: { row: ProposalRow; gone: boolean }) {
  if (gone) return <span className="text-muted">no longer here</span>
  if (row.state === 'waiting' && row.snoozedUntil) {
    return (
      <span className="text-muted">
        snoozed until <Moment at={row.snoozedUntil} format={formatClock} />
      </span>
    )
  }
  if (row.state === 'waiting') {
    return (
      <>
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
