import { TriangleAlert } from 'lucide-react'
import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { formatNumber, formatPercent } from '../ui/format.ts'

/** How far the forecast can be trusted now, in one line; what is still being learned anew stands in it. */
export function ForecastState({
  snapshot,
  onOpen,
}: {
  snapshot: ForecastSnapshot
  /** Opens how well it holds, in full. */
  onOpen: () => void
}) {
  const unsettled = snapshot.drift.find(({ state }) => state === 'relearning')
  const judged = snapshot.coverage90 !== null && snapshot.coverageCount > 0
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-xs">
      <button type="button" className="underline-offset-2 hover:underline" onClick={onOpen}>
        {judged ? (
          <>
            intervals of 90{'\u202f'}% held{' '}
            <span className="num text-ink">{formatPercent(snapshot.coverage90, 1)}</span> of{' '}
            <span className="num">{formatNumber(snapshot.coverageCount)}</span>
          </>
        ) : (
          'intervals not judged yet'
        )}
      </button>
      {unsettled ? (
        <span className="flex items-center gap-1.5 text-wait">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
          {unsettled.text}
        </span>
      ) : null}
    </p>
  )
}
