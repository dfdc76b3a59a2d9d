'use client'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import type { Step } from './steps.ts'

/** A line that holds its value until the next step, drawn at the exact times whatever the rows of the chart are. */
export function StepLine({
  steps,
  until,
  stroke,
  dashed = false,
  width = 1.5,
}: {
  steps: readonly Step[]
  until: number
  stroke: string
  dashed?: boolean
  width?: number
}) {
  const x = useXAxisScale()
  const y = useYAxisScale()
  const plot = usePlotArea()
  if (!x || !y || !plot || steps.length === 0) return null
  const right = plot.x + plot.width
  const inside = (value: number) => Math.min(right, Math.max(plot.x, value))
  const path: string[] = []
  steps.forEach((step, i) => {
    const start = inside(x(step.at) ?? plot.x)
    const end = inside(x(steps[i + 1]?.at ?? until) ?? right)
    const level = y(step.value) ?? plot.y
    path.push(`${i === 0 ? 'M' : 'L'}${start},${level}L${end},${level}`)
  })
  return (
    <path
      d={path.join('')}
      fill="none"
      stroke={stroke}
      strokeWidth={width}
      strokeDasharray={dashed ? '4 3' : undefined}
    />
  )
}

/** The vertical line of a moment, the present unless said, with its word above. */
export function NowLine({
  at,
  label = 'now',
  color = 'var(--muted)',
  anchor = 'middle',
}: {
  at: number
  label?: string
  color?: string
  /** `end`: the word stands before the line, so that one close behind keeps its own. */
  anchor?: 'middle' | 'end'
}) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  const left = x?.(at)
  if (left === undefined || !plot || left < plot.x || left > plot.x + plot.width) return null
  return (
    <g pointerEvents="none">
      <line x1={left} x2={left} y1={plot.y} y2={plot.y + plot.height} stroke={color} strokeWidth={1} />
      <text x={left} y={plot.y - 4} textAnchor={anchor} fontSize={11} fill={color}>
        {label}
      </text>
    </g>
  )
}

/** A length of time with a name: a surge that is expected, or an event that people planned. */
export type ChartSpan = { kind: 'surge' | 'event'; from: number; to: number; label: string }

/** The soft ground of a span; a planned event has a bar above it, so that the two are told apart without colour. */
export function Span({ span }: { span: ChartSpan }) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  if (!x || !plot) return null
  const inside = (at: number) => Math.min(plot.x + plot.width, Math.max(plot.x, x(at) ?? plot.x))
  const left = inside(span.from)
  const width = inside(span.to) - left
  if (width <= 0) return null
  const event = span.kind === 'event'
  const fits = width > span.label.length * 6 + 8
  return (
    <g>
      <title>{span.label}</title>
      <rect
        x={left}
        y={plot.y}
        width={width}
        height={plot.height}
        fill={event ? 'var(--muted)' : 'var(--wait)'}
        opacity={event ? 0.08 : 0.1}
        pointerEvents="none"
      />
      {event ? <rect x={left} y={plot.y} width={width} height={3} fill="var(--muted)" /> : null}
      {fits ? (
        <text
          x={left + 4}
          y={plot.y + (event ? 28 : 14)}
          fontSize={11}
          fill={event ? 'var(--muted)' : 'var(--wait)'}
          pointerEvents="none"
        >
          {span.label}
        </text>
      ) : null}
    </g>
  )
}

/** Rings around measured values that a past forecast's 90 % interval did not hold. */
export function Misses({ points }: { points: readonly { at: number; value: number }[] }) {
  const x = useXAxisScale()
  const y = useYAxisScale()
  const plot = usePlotArea()
  if (!x || !y || !plot) return null
  return (
    <g pointerEvents="none">
      {points.map((point) => {
        const [left, top] = [x(point.at), y(point.value)]
        if (left === undefined || top === undefined || left < plot.x || left > plot.x + plot.width)
          return null
        return (
          <circle
            key={point.at}
            cx={left}
            cy={Math.max(plot.y, top)}
            r={3.5}
            fill="none"
            stroke="var(--breach)"
            strokeWidth={1.5}
          />
        )
      })}
    </g>
  )
}
