'use client'
import { useMemo } from 'react'
import { Line, ReferenceLine } from 'recharts'
import { formatQuantity } from '../ui/format.ts'
import { TooltipBox, TooltipLine } from './chart-tooltip.tsx'
import type { MeasuredPoint } from './fan.ts'
import { NowLine } from './fan-layers.tsx'
import { TimePlot } from './time-plot.tsx'

/** One measured line with an optional limit, small; shares its moment with the other charts of the page. */
export function SeriesChart({
  label,
  unit,
  points,
  from,
  to,
  now,
  nowLabel,
  limit,
  syncId,
  height = 120,
}: {
  label: string
  unit: string
  points: readonly MeasuredPoint[]
  from: number
  to: number
  now: number
  /** What the line at `now` is called, where it is not the present. */
  nowLabel?: string
  limit?: { value: number; label: string }
  syncId?: string
  height?: number
}) {
  const rows = useMemo(() => points.filter((point) => point.at >= from && point.at <= to), [points, from, to])
  const highest = rows.reduce((top, row) => Math.max(top, row.value ?? 0), limit?.value ?? 0)
  return (
    <TimePlot
      {...{ label, unit, from, to, rows, highest, height, syncId }}
      valueMarks={2}
      timeMarks={3}
      tooltip={(row, zone) => (
        <TooltipBox at={row.at} zone={zone}>
          <TooltipLine
            term={label}
            value={row.value === null ? 'not measured' : formatQuantity(row.value, unit)}
            color="var(--ink)"
          />
          {limit ? (
            <TooltipLine term={limit.label} value={formatQuantity(limit.value, unit)} color="var(--breach)" />
          ) : null}
        </TooltipBox>
      )}
    >
      {limit ? <ReferenceLine y={limit.value} stroke="var(--breach)" strokeDasharray="4 3" /> : null}
      <Line
        dataKey="value"
        stroke="var(--ink)"
        strokeWidth={1.25}
        dot={false}
        activeDot={false}
        isAnimationActive={false}
      />
      <NowLine at={now} label={nowLabel} />
    </TimePlot>
  )
}
