'use client'
import { useMemo } from 'react'
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts'
import { useZone } from '../ui/clock.tsx'
import { formatTick } from '../ui/format.ts'
import { formatClock, formatDayClock } from '../ui/time.ts'
import { nearestIndex, timeTicks, valueAxis } from './axis.ts'
import { FanTooltip } from './chart-tooltip.tsx'
import { type FanPoint, fanRows, highestOf, type MeasuredPoint } from './fan.ts'
import { type ChartMarker, Markers, NowLine, StepLine, SurgeSpan } from './fan-layers.tsx'
import type { CapacitySteps } from './steps.ts'

export type FanChartProps = {
  /** What the chart shows, in words, for assistive technology. */
  label: string
  unit: string
  /** The span of the time axis, in milliseconds. */
  from: number
  to: number
  now: number
  measured: readonly MeasuredPoint[]
  forecast: readonly FanPoint[]
  issuedAt: number | null
  /** What was said then, laid over what happened. */
  said?: readonly FanPoint[]
  capacity?: CapacitySteps | null
  surge?: { from: number; to: number } | null
  markers?: readonly ChartMarker[]
  onMarker?: (marker: ChartMarker) => void
  /** Charts of one page that share it point at the same moment. */
  syncId?: string
  height?: number
  /** Highest value of all charts that share a scale. */
  highest?: number
  /** Left out where several small charts stand together. */
  bare?: boolean
}

const nearest = (ticks: readonly { value: unknown }[], data: { activeLabel?: string | number }) =>
  nearestIndex(
    ticks.map((tick) => Number(tick.value)),
    Number(data.activeLabel),
  )

/** Measured demand, its forecast as a fan, and the capacity that would meet it. */
export function FanChart(props: FanChartProps) {
  const { label, unit, from, to, now, measured, forecast, issuedAt, said, capacity = null } = props
  const { zone } = useZone()
  const rows = useMemo(
    () => fanRows(measured, forecast, said).filter((row) => row.at >= from && row.at <= to),
    [measured, forecast, said, from, to],
  )
  const byTime = useMemo(() => new Map(rows.map((row) => [row.at, row])), [rows])
  const levels = capacity
    ? [...capacity.ready, ...capacity.inFlight, ...capacity.proposed].map((step) => step.value)
    : []
  const axis = valueAxis(props.highest ?? highestOf(rows, levels), props.bare ? 2 : 4)
  const offset = zone === 'utc' ? 0 : -new Date(from).getTimezoneOffset() * 60_000
  const ticks = timeTicks(from, to, props.bare ? 3 : 6, offset)
  const clock = to - from > 26 * 3_600_000 ? formatDayClock : formatClock
  const line = { dot: false, isAnimationActive: false, activeDot: false } as const
  const band = { ...line, stroke: 'none', fill: 'var(--forecast)', connectNulls: true } as const

  return (
    <ComposedChart
      responsive
      data={rows}
      title={label}
      accessibilityLayer
      syncId={props.syncId}
      syncMethod={nearest}
      margin={{ top: 18, right: 8, bottom: 0, left: 0 }}
      style={{ width: '100%', height: props.height ?? 240, fontSize: 11 }}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        dataKey="at"
        type="number"
        scale="time"
        domain={[from, to]}
        ticks={ticks}
        allowDataOverflow
        tickFormatter={(at: number) => clock(at, zone)}
        stroke="var(--line-strong)"
        tick={{ fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }}
        tickSize={4}
        height={24}
      />
      <YAxis
        domain={[0, axis.max]}
        ticks={axis.ticks}
        allowDataOverflow
        tickFormatter={(value: number) => formatTick(value, unit)}
        stroke="transparent"
        tick={{ fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }}
        width={props.bare ? 36 : 44}
      />
      {props.surge ? <SurgeSpan from={props.surge.from} to={props.surge.to} /> : null}
      <Area {...band} dataKey="band98" fillOpacity={0.13} />
      <Area {...band} dataKey="band80" fillOpacity={0.17} />
      <Area {...band} dataKey="band50" fillOpacity={0.24} />
      <Area {...band} dataKey="saidBand" fillOpacity={0.14} />
      <Line {...line} dataKey="said" stroke="var(--forecast)" strokeDasharray="2 2" connectNulls />
      <Line {...line} dataKey="median" stroke="var(--forecast)" strokeWidth={1.25} connectNulls />
      <Line {...line} dataKey="measured" stroke="var(--ink)" strokeWidth={1.5} />
      {capacity ? (
        <>
          <StepLine steps={capacity.ready} until={to} stroke="var(--ink)" width={1} />
          <StepLine steps={capacity.inFlight} until={to} stroke="var(--muted)" dashed />
          <StepLine steps={capacity.proposed} until={to} stroke="var(--action)" width={2} />
        </>
      ) : null}
      <NowLine at={now} />
      {props.markers ? <Markers markers={props.markers} onOpen={props.onMarker} /> : null}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        wrapperStyle={{ zIndex: 30 }}
        content={({ active, label: at }) => {
          const row = byTime.get(Number(at))
          return active && row ? <FanTooltip {...{ row, unit, zone, capacity, issuedAt, now }} /> : null
        }}
      />
    </ComposedChart>
  )
}
