'use client'
import { useMemo } from 'react'
import { Area, Line } from 'recharts'
import { FanTooltip } from './chart-tooltip.tsx'
import { type FanPoint, fanRows, highestOf, type MeasuredPoint } from './fan.ts'
import { type ChartSpan, Misses, NowLine, Span, StepLine } from './fan-layers.tsx'
import { type ChartMarker, Markers } from './markers.tsx'
import type { CapacitySteps } from './steps.ts'
import { TimePlot } from './time-plot.tsx'

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
  /** The forecast is one of the past: a line marks when it was issued, rings what it missed. */
  past?: { missed: readonly { at: number; value: number }[] }
  capacity?: CapacitySteps | null
  spans?: readonly ChartSpan[]
  markers?: readonly ChartMarker[]
  onMarker?: (marker: ChartMarker) => void
  onPick?: (at: number) => void
  /** Charts of one page that share it point at the same moment. */
  syncId?: string
  height?: number
  /** Highest value of all charts that share a scale. */
  highest?: number
  /** Left out where several small charts stand together. */
  bare?: boolean
}

const line = { dot: false, isAnimationActive: false, activeDot: false } as const
const band = { ...line, stroke: 'none', fill: 'var(--forecast)', connectNulls: true } as const

/** Measured demand, its forecast as a fan, and the capacity that would meet it. */
export function FanChart(props: FanChartProps) {
  const { label, unit, from, to, now, measured, forecast, issuedAt, past, capacity = null } = props
  const rows = useMemo(
    () => fanRows(measured, forecast).filter((row) => row.at >= from && row.at <= to),
    [measured, forecast, from, to],
  )
  const levels = capacity
    ? [...capacity.ready, ...capacity.inFlight, ...capacity.proposed].map((step) => step.value)
    : []
  return (
    <TimePlot
      {...{ label, unit, from, to, rows }}
      highest={props.highest ?? highestOf(rows, levels)}
      valueMarks={props.bare ? 2 : 4}
      timeMarks={props.bare ? 3 : 6}
      axisWidth={props.bare ? 36 : 44}
      height={props.height ?? 240}
      syncId={props.syncId}
      onPick={props.onPick}
      tooltip={(row, zone) => (
        <FanTooltip {...{ row, unit, zone, capacity, issuedAt, now }} past={past !== undefined} />
      )}
    >
      {props.spans?.map((span) => (
        <Span key={`${span.kind}-${span.from}-${span.label}`} span={span} />
      ))}
      <Area {...band} dataKey="band98" fillOpacity={0.13} />
      <Area {...band} dataKey="band80" fillOpacity={0.17} />
      <Area {...band} dataKey="band50" fillOpacity={0.24} />
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
      {past && issuedAt !== null ? (
        <NowLine at={issuedAt} label="said here" color="var(--forecast)" anchor="end" />
      ) : null}
      {past ? <Misses points={past.missed} /> : null}
      {props.markers ? <Markers markers={props.markers} onOpen={props.onMarker} /> : null}
    </TimePlot>
  )
}
