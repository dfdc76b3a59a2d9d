'use client'
import type { KeyboardEvent } from 'react'
import { CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from 'recharts'
import { TradeOffMarks } from './trade-off-marks.tsx'

/** `mark`: the number that it has in the legend; null for a point that is not named. */
export type TradeOffPoint = {
  key: string
  x: number
  y: number
  look: 'square' | 'circle' | 'diamond'
  /** Whether its value is above the axis, and it stands at the edge instead. */
  above: boolean
  mark: number | null
}

/** `log`: logarithmic; `title`: what it measures, with the unit. */
export type TradeOffAxis = {
  min: number
  max: number
  ticks: number[]
  log: boolean
  title: string
  format: (value: number) => string
}

const tick = { fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }
const margin = { top: 14, right: 12, bottom: 4, left: 4 }

/**
 * What one quantity costs in another: a point for each choice, numbered where it is named, and a line along those that nothing betters
 * in both. The pointer and the arrow keys go from point to point; who draws it says the numbers of the active one.
 */
export function TradeOffChart({
  label,
  points,
  frontier,
  x,
  y,
  limit,
  active,
  onActive,
  height = 320,
}: {
  /** What is shown, in words, for assistive technology. */
  label: string
  /** In the order in which the arrow keys read them. */
  points: readonly TradeOffPoint[]
  frontier: readonly { x: number; y: number }[]
  x: TradeOffAxis
  y: TradeOffAxis
  /** Where a dashed line goes across; who draws the chart says what it is. */
  limit: number | null
  active: string | null
  onActive: (key: string | null) => void
  height?: number
}) {
  const move = (event: KeyboardEvent) => {
    const at = points.findIndex(({ key }) => key === active)
    const next = wanted(event.key, at, points.length)
    if (next === null) return
    event.preventDefault()
    onActive(points[next]?.key ?? null)
  }
  return (
    <div
      role="img"
      aria-label={`${label}. Arrow keys read point after point.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read point after point
      tabIndex={0}
      onKeyDown={move}
      onBlur={() => onActive(null)}
      onPointerLeave={() => onActive(null)}
    >
      <ComposedChart
        responsive
        accessibilityLayer={false}
        data={[...frontier]}
        margin={margin}
        style={{ width: '100%', height, fontSize: 11 }}
      >
        <CartesianGrid stroke="var(--line)" />
        <XAxis
          dataKey="x"
          type="number"
          {...scaleOf(x)}
          stroke="var(--line-strong)"
          tick={tick}
          height={40}
          label={{ value: x.title, position: 'insideBottomRight', offset: 2, fill: 'var(--muted)' }}
        />
        <YAxis dataKey="y" type="number" {...scaleOf(y)} stroke="transparent" tick={tick} width={56} />
        {limit === null ? null : <ReferenceLine y={limit} stroke="var(--breach)" strokeDasharray="4 3" />}
        <Line
          dataKey="y"
          type="stepAfter"
          stroke="var(--muted)"
          strokeDasharray="2 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <TradeOffMarks points={points} active={active} onActive={onActive} />
      </ComposedChart>
    </div>
  )
}

const scaleOf = ({ min, max, ticks, log, format }: TradeOffAxis) => ({
  domain: [min, max] satisfies [number, number],
  ticks,
  scale: log ? ('log' as const) : ('linear' as const),
  allowDataOverflow: true,
  interval: 'preserveStart' as const,
  tickFormatter: format,
})

/** The index that a key leads to from `at` (−1: none is active); null for other keys. */
function wanted(key: string, at: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(count - 1, at + 1)
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(0, at - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}
