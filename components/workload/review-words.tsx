'use client'
import type { RouterOutputs } from '../../server/api/router.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { formatNumber, formatPercent, formatQuantity } from '../ui/format.ts'
import { Reproduce } from './reproduce.tsx'

export type Review = NonNullable<RouterOutputs['forecast']['review']>

/** What became of a past forecast: how much has come, how much of it was held, how far off the middle was. */
export function ReviewWords({ review }: { review: Review }) {
  const { snapshot, scores } = review
  const total = snapshot.leads.length
  const { judged, held90, meanAbsoluteError, weightedQuantileLoss } = scores
  return (
    <div className="flex flex-col gap-0.5">
      <p>
        {judged === 0 ? (
          'Nothing of it has been measured yet.'
        ) : (
          <>
            <span className="num">{formatPercent(held90)}</span> of what came was within its 90{'\u202f'}%
            interval (
            <span className="num">
              {formatNumber(Math.round((held90 ?? 0) * judged))} of {formatNumber(judged)}
            </span>
            ), the median off by{' '}
            <span className="num">{formatQuantity(meanAbsoluteError, snapshot.unit)}</span> on average.
          </>
        )}
      </p>
      <p className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
        <span>
          issued <RelativeTime at={review.issuedAt} />
        </span>
        {judged > 0 && judged < total ? (
          <span className="num">
            {formatNumber(judged)} of {formatNumber(total)} steps measured
          </span>
        ) : null}
        {weightedQuantileLoss === null ? null : (
          <span title="Mean pinball loss over levels and steps, against the mean of what came">
            weighted quantile loss <span className="num">{formatPercent(weightedQuantileLoss, 1)}</span>
          </span>
        )}
        <Reproduce key={review.id} forecastId={review.id} />
      </p>
    </div>
  )
}
