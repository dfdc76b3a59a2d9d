'use client'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import type { Step } from './steps.ts'

export type ChartMarker = {
  at: number
  kind: 'proposal' | 'decision' | 'drift'
  label: string
  id: string
}

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
}: {
  at: number
  label?: string
  color?: string
}) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  const left = x?.(at)
  if (left === undefined || !plot || left < plot.x || left > plot.x + plot.width) return null
  return (
    <g pointerEvents="none">
      <line x1={left} x2={left} y1={plot.y} y2={plot.y + plot.height} stroke={color} strokeWidth={1} />
      <text x={left} y={plot.y - 4} textAnchor="middle" fontSize={11} fill={color}>
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

/**
 * What happened at a moment: proposals as rings and decisions as squares along the foot of the plot, drift as diamonds
 * along its head. Each leads to its record.
 */
export function Markers({
  markers,
  onOpen,
}: {
  markers: readonly ChartMarker[]
  onOpen?: (marker: ChartMarker) => void
}) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  if (!x || !plot) return null
  const foot = plot.y + plot.height
  return (
    <g>
      {markers.map((marker) => {
        const left = x(marker.at)
        if (left === undefined || left < plot.x || left > plot.x + plot.width) return null
        const stroke = marker.kind === 'drift' ? 'var(--muted)' : 'var(--action)'
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same records are listed as links beside the chart
          <g
            key={`${marker.kind}-${marker.id}`}
            onClick={(event) => {
              event.stopPropagation()
              onOpen?.(marker)
            }}
            className={onOpen ? 'cursor-pointer' : undefined}
          >
            <title>{marker.label}</title>
            <line x1={left} x2={left} y1={plot.y} y2={foot} stroke={stroke} opacity={0.3} />
            <Shape kind={marker.kind} left={left} head={plot.y} foot={foot} />
          </g>
        )
      })}
    </g>
  )
}

function Shape({
  kind,
  left,
  head,
  foot,
}: {
  kind: ChartMarker['kind']
  left: number
  head: number
  foot: number
}) {
  if (kind === 'decision') {
    return <rect x={left - 4} y={foot - 10} width={8} height={8} fill="var(--action)" />
  }
  if (kind === 'proposal') {
    const look = { fill: 'var(--canvas)', stroke: 'var(--action)', strokeWidth: 1.5 }
    return <circle cx={left} cy={foot - 6} r={4} {...look} />
  }
  return <path d={`M${left} ${head + 4}l5 5l-5 5l-5 -5z`} fill="var(--ink)" />
}
