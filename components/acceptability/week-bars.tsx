'use client'
import { ChartFigure } from '../charts/chart-figure.tsx'
import { useZone } from '../ui/clock.tsx'
import { NONE } from '../ui/format.ts'
import { formatDay } from '../ui/time.ts'
import { fullHeight, type WeekBar } from './full-height.ts'

/** One measure week by week; a week without anything stays empty and is not a zero. */
export function WeekBars({
  title,
  unit,
  bars,
  highest,
  write,
}: {
  title: string
  unit: string
  bars: readonly WeekBar[]
  /** What the full height stands for, where it has a natural end. */
  highest?: number
  write: (value: number) => string
}) {
  const { zone } = useZone()
  const full = fullHeight(bars, highest)
  const top = full ?? 1
  const said = (bar: WeekBar) =>
    `${formatDay(Date.parse(bar.week), zone)}: ${bar.value === null ? NONE : write(bar.value)}, ${bar.note}`
  return (
    <ChartFigure
      title={title}
      unit={unit}
      fileName={title.toLowerCase().replaceAll(' ', '-')}
      table={() => ({
        unit,
        columns: [title.toLowerCase()],
        rows: bars.map(({ week, value }) => ({ at: Date.parse(week), values: [value] })),
      })}
    >
      <ul
        aria-label={`${title} by week`}
        className="flex h-28 items-end gap-1 border-b border-b-line-strong pt-4"
      >
        {bars.map((bar) => (
          <li key={bar.week} title={said(bar)} className="flex h-full min-w-0 flex-1 flex-col justify-end">
            <span className="sr-only">{said(bar)}</span>
            {bar.value === null ? (
              <span aria-hidden className="h-px w-full border-faint border-t border-dashed" />
            ) : (
              <span
                aria-hidden
                className="min-h-px w-full bg-forecast"
                style={{ height: `${(100 * Math.min(bar.value, top)) / top}%` }}
              />
            )}
          </li>
        ))}
      </ul>
      <p className="num mt-1 flex justify-between text-2xs text-muted">
        <span>{bars[0] ? formatDay(Date.parse(bars[0].week), zone) : ''}</span>
        <span>{full === null ? 'nothing measured above zero' : `full height ${write(full)}`}</span>
        <span>this week</span>
      </p>
    </ChartFigure>
  )
}
