'use client'
import type { Surge } from '../../server/forecast/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { type Fact, Facts, Section } from '../ui/facts.tsx'
import { formatPercent, formatQuantity } from '../ui/format.ts'
import { formatClock, formatDuration } from '../ui/time.ts'

/** When demand is likely to pass capacity and for how long, from whole sample paths; nothing where there were none. */
export function SurgeFacts({ surge, unit }: { surge: Surge; unit: string }) {
  const { onset, lengthSeconds, openShare } = surge
  if (onset === null || lengthSeconds === null) return null
  const facts: Fact[] = [
    {
      term: 'begins',
      value: <Moment at={onset.p50} format={formatClock} />,
      note: (
        <>
          <Moment at={onset.p10} format={formatClock} /> to <Moment at={onset.p90} format={formatClock} /> in
          eight of ten
        </>
      ),
    },
    openShare !== null && openShare > 0.5
      ? {
          term: 'lasts',
          value: `over ${formatDuration(lengthSeconds.p50)}`,
          note: (
            <>
              still above at the end of the forecast in{' '}
              <span className="num">{formatPercent(openShare)}</span>
            </>
          ),
        }
      : {
          term: 'lasts',
          value: formatDuration(lengthSeconds.p50),
          note: (
            <>
              <span className="num">
                {formatDuration(lengthSeconds.p10)} to {formatDuration(lengthSeconds.p90)}
              </span>{' '}
              in eight of ten
              {openShare ? (
                <>
                  ; <span className="num">{formatPercent(openShare)}</span> outlast the forecast
                </>
              ) : null}
            </>
          ),
        },
  ]
  return (
    <Section
      title="Surge"
      aside={
        <span className="text-muted text-xs">
          <span className="num">{formatPercent(surge.probability)}</span> to pass{' '}
          <span className="num">{formatQuantity(surge.capacity, unit)}</span>
        </span>
      }
    >
      <Facts facts={facts} />
    </Section>
  )
}
