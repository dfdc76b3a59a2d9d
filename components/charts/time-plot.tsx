'use client'
import { type ReactNode, useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { CartesianGrid, ComposedChart, Tooltip, useActiveTooltipLabel, XAxis, YAxis } from 'recharts'
import { useZone } from '../ui/clock.tsx'
import { formatTick } from '../ui/format.ts'
import { formatClock, formatDayClock, type ZoneChoice } from '../ui/time.ts'
import { nearestIndex, timeTicks, valueAxis } from './axis.ts'

type TimePlotProps<Row extends { at: number }> = {
  /** What the chart shows, in words, for assistive technology. */
  label: string
  unit: string
  from: number
  to: number
  rows: readonly Row[]
  /** The highest value that has to fit; the axis starts at zero. */
  highest: number
  valueMarks: number
  timeMarks: number
  axisWidth?: number
  height: number
  /** Charts of one page that share it point at the same moment. */
  syncId?: string
  /** The box at the pointer. */
  tooltip: (row: Row, zone: ZoneChoice) => ReactNode
  /** Choosing a moment by pointer, or by arrow keys and Enter. */
  onPick?: (at: number) => void
  children: ReactNode
}

const nearest = (ticks: readonly { value: unknown }[], data: { activeLabel?: string | number }) =>
  nearestIndex(
    ticks.map((tick) => Number(tick.value)),
    Number(data.activeLabel),
  )

const tick = { fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }

/** Values over time on axes that all charts share: round clock times, from zero, the same moment on every one. */
export function TimePlot<Row extends { at: number }>(props: TimePlotProps<Row>) {
  const { from, to, unit, rows, onPick } = props
  const { zone } = useZone()
  const byTime = useMemo(() => new Map(rows.map((row) => [row.at, row])), [rows])
  const axis = valueAxis(props.highest, props.valueMarks)
  const offset = zone === 'utc' ? 0 : -new Date(from).getTimezoneOffset() * 60_000
  const clock = to - from > 26 * 3_600_000 ? formatDayClock : formatClock
  // A mark at the very end would be cut by the edge.
  const end = to - (to - from) * 0.015
  const ticks = timeTicks(from, to, props.timeMarks, offset).filter((at) => at <= end)
  return (
    <ComposedChart
      responsive
      data={rows}
      title={props.label}
      accessibilityLayer
      syncId={props.syncId}
      syncMethod={nearest}
      onClick={
        onPick ? ({ activeLabel }) => activeLabel !== undefined && onPick(Number(activeLabel)) : undefined
      }
      margin={{ top: 18, right: 8, bottom: 0, left: 0 }}
      style={{
        width: '100%',
        height: props.height,
        fontSize: 11,
        cursor: onPick ? 'crosshair' : undefined,
      }}
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
        tick={tick}
        tickSize={4}
        height={24}
      />
      <YAxis
        domain={[0, axis.max]}
        ticks={axis.ticks}
        allowDataOverflow
        tickFormatter={(value: number) => formatTick(value, unit)}
        stroke="transparent"
        tick={tick}
        width={props.axisWidth ?? 44}
      />
      {props.children}
      {onPick ? <PickByKey onPick={onPick} /> : null}
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        wrapperStyle={{ zIndex: 30 }}
        content={({ active, label: at }) => {
          const row = byTime.get(Number(at))
          return active && row ? props.tooltip(row, zone) : null
        }}
      />
    </ComposedChart>
  )
}

/** The arrow keys move along the chart already; Enter takes the moment they stand at. */
function PickByKey({ onPick }: { onPick: (at: number) => void }) {
  const inside = useRef<SVGGElement>(null)
  const label = useActiveTooltipLabel()
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Enter' && label !== undefined) onPick(Number(label))
  })
  useEffect(() => {
    const chart = inside.current?.closest<HTMLElement>('.recharts-wrapper')
    chart?.addEventListener('keydown', onKey)
    return () => chart?.removeEventListener('keydown', onKey)
  }, [])
  return <g ref={inside} />
}
