'use client'
import { type KeyboardEvent, useState } from 'react'
import { cn } from '../ui/class-names.ts'
import { formatCount, formatNumber, formatPercent } from '../ui/format.ts'
import { type Verdict, verdictOf, wilson } from './wilson.ts'

/**
 * How often the interval held in one group of `count` forecasts, of which `independent` count as such: forecasts that
 * overlap in time succeed and fail together.
 */
export type CoverageBucket = { label: string; held: number | null; count: number; independent: number }

const looks: Record<Verdict, string> = {
  none: 'hidden',
  few: 'size-1.5 rounded-full border border-faint bg-canvas',
  kept: 'size-1.5 rounded-full bg-ink',
  short: 'size-2 rotate-45 bg-breach',
  wide: 'size-2 rounded-full border-2 border-ink bg-canvas',
}

const words: Record<Verdict, string> = {
  none: 'nothing judged yet',
  few: 'too few to tell',
  kept: 'as promised',
  short: 'less often than promised',
  wide: 'more often than promised',
}

/** One dot per group with the range that its count allows, against the line that was promised. */
export function CoverageChart({
  label,
  buckets,
  promised,
  floor,
  named,
  height = 112,
}: {
  /** What the groups are, in words, for assistive technology. */
  label: string
  buckets: readonly CoverageBucket[]
  promised: number
  /** Where the axis begins; charts side by side share it. */
  floor: number
  /** Which groups are named below. */
  named: (index: number) => boolean
  height?: number
}) {
  const [active, setActive] = useState<number | null>(null)
  const up = (share: number) => `${((Math.max(floor, share) - floor) / (1 - floor)) * 100}%`
  const bucket = active === null ? undefined : buckets[active]
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    setActive(Math.min(buckets.length - 1, Math.max(0, (active ?? -1) + step)))
  }
  return (
    <div className="min-w-0 text-2xs">
      <p aria-live="polite" className="min-h-4 pl-11 text-muted">
        {bucket ? (
          <>
            {bucket.label}: <span className="num text-ink">{formatPercent(bucket.held, 1)}</span> of{' '}
            <span className="num">{formatNumber(bucket.count)}</span>,{' '}
            {words[verdictOf(bucket.held, bucket.independent, promised)]}
          </>
        ) : null}
      </p>
      <div className="flex">
        <div className="relative w-11 shrink-0" style={{ height }}>
          {[...new Set([floor, promised, 1])].map((share) => (
            <span
              key={share}
              className={cn(
                'num absolute right-2 translate-y-1/2',
                share === promised ? 'text-ink' : 'text-muted',
              )}
              style={{ bottom: up(share) }}
            >
              {formatPercent(share)}
            </span>
          ))}
        </div>
        <div
          role="img"
          aria-label={`${label}. ${summaryOf(buckets, promised)}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read group after group
          tabIndex={0}
          className="relative grid min-w-0 flex-1 border-line border-t border-b"
          style={{ height, gridTemplateColumns: `repeat(${buckets.length}, minmax(0, 1fr))` }}
          onKeyDown={move}
          onBlur={() => setActive(null)}
          onPointerLeave={() => setActive(null)}
        >
          <div
            className="absolute inset-x-0 border-ink border-t border-dashed"
            style={{ bottom: up(promised) }}
          />
          {buckets.map((item, i) => (
            <div
              key={item.label}
              className={cn('relative', i === active && 'bg-hover')}
              onPointerEnter={() => setActive(i)}
            >
              <Dot item={item} verdict={verdictOf(item.held, item.independent, promised)} up={up} />
            </div>
          ))}
        </div>
      </div>
      <div
        aria-hidden="true"
        className="num mt-1 ml-11 grid text-muted"
        style={{ gridTemplateColumns: `repeat(${buckets.length}, minmax(0, 1fr))` }}
      >
        {buckets.map((item, i) => (
          <span key={item.label} className="flex justify-center overflow-visible whitespace-nowrap">
            {named(i) ? <span className="w-0 text-center">{centred(item.label)}</span> : null}
          </span>
        ))}
      </div>
    </div>
  )
}

const centred = (text: string) => <span className="-translate-x-1/2 inline-block">{text}</span>

function Dot({
  item,
  verdict,
  up,
}: {
  item: CoverageBucket
  verdict: Verdict
  up: (share: number) => string
}) {
  if (item.held === null) return null
  const { low, high } = wilson(item.held, item.independent)
  return (
    <>
      <span
        className={cn(
          'absolute left-1/2 w-px',
          verdict === 'short' ? 'bg-breach' : verdict === 'few' ? 'bg-line-strong' : 'bg-muted',
        )}
        style={{ bottom: up(low), height: `calc(${up(high)} - ${up(low)})` }}
      />
      <span
        className={cn('-translate-x-1/2 absolute left-1/2 translate-y-1/2', looks[verdict])}
        style={{ bottom: up(item.held) }}
      />
    </>
  )
}

function summaryOf(buckets: readonly CoverageBucket[], promised: number): string {
  const count = (wanted: Verdict) =>
    buckets.filter(({ held, independent }) => verdictOf(held, independent, promised) === wanted).length
  const kept = count('kept') + count('wide')
  return `${formatPercent(promised)} promised: ${formatCount(kept, 'group')} kept it, ${count('short')} held less often, ${count('few') + count('none')} have too few to tell.`
}

/** An axis for all of them that begins at a round share below the lowest. */
export function coverageFloor(buckets: readonly CoverageBucket[], promised: number): number {
  const lowest = buckets.reduce((low, { held }) => Math.min(low, held ?? 1), promised)
  return Math.max(0, Math.floor((lowest - 0.05) * 10) / 10)
}
