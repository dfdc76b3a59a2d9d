'use client'
import { useMemo } from 'react'
import { CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts'
import { useZone } from '../ui/clock.tsx'
import { formatQuantity, formatTick } from '../ui/format.ts'
import { formatClock, formatDayClock } from '../ui/time.ts'
import { nearestIndex, timeTicks, valueAxis } from './axis.ts'
import { TooltipBox, TooltipLine } from './chart-tooltip.tsx'
import type { MeasuredPoint } from './fan.ts'
import { NowLine } from './fan-layers.tsx'

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
  const { zone } = useZone()
  const rows = useMemo(() => points.filter((point) => point.at >= from && point.at <= to), [points, from, to])
  const byTime = useMemo(() => new Map(rows.map((row) => [row.at, row])), [rows])
  const highest = rows.reduce((top, row) => Math.max(top, row.value ?? 0), limit?.value ?? 0)
  const axis = valueAxis(highest, 2)
  const offset = zone === 'utc' ? 0 : -new Date(from).getTimezoneOffset() * 60_000
  const clock = to - from > 26 * 3_600_000 ? formatDayClock : formatClock
  return (
    <ComposedChart
      responsive
      data={rows}
      title={label}
      accessibilityLayer
      syncId={syncId}
      syncMethod={(ticks, data) =>
        nearestIndex(
          ticks.map((tick) => Number(tick.value)),
          Number(data.activeLabel),
        )
      }
      margin={{ top: 16, right: 8, bottom: 0, left: 0 }}
      style={{ width: '100%', height, fontSize: 11 }}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="at"
        type="number"
        scale="time"
        domain={[from, to]}
        ticks={timeTicks(from, to, 3, offset)}
        allowDataOverflow
        tickFormatter={(at: number) => clock(at, zone)}
        stroke="var(--line-strong)"
        tick={{ fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }}
        tickSize={4}
        height={22}
      />
      <YAxis
        domain={[0, axis.max]}
        ticks={axis.ticks}
        tickFormatter={(value: number) => formatTick(value, unit)}
        stroke="transparent"
        tick={{ fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }}
        width={44}
      />
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
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        wrapperStyle={{ zIndex: 30 }}
        content={({ active, label: at }) => {
          const row = byTime.get(Number(at))
          if (!active || !row) return null
          return (
            <TooltipBox at={row.at} zone={zone}>
              <TooltipLine
                term={label}
                value={row.value === null ? 'not measured' : formatQuantity(row.value, unit)}
                color="var(--ink)"
              />
              {limit ? (
                <TooltipLine
                  term={limit.label}
                  value={formatQuantity(limit.value, unit)}
                  color="var(--breach)"
                />
              ) : null}
            </TooltipBox>
          )
        }}
      />
    </ComposedChart>
  )
}
