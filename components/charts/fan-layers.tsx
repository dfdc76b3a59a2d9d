'use client'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import type { Step } from './steps.ts'

export type ChartMarker = {
  at: number
  kind: 'proposal' | 'decision'
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

/** The vertical line of the present, with its word above. */
export function NowLine({ at, label = 'now' }: { at: number; label?: string }) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  const left = x?.(at)
  if (left === undefined || !plot || left < plot.x || left > plot.x + plot.width) return null
  return (
    <g pointerEvents="none">
      <line x1={left} x2={left} y1={plot.y} y2={plot.y + plot.height} stroke="var(--muted)" strokeWidth={1} />
      <text x={left} y={plot.y - 4} textAnchor="middle" fontSize={11} fill="var(--muted)">
        {label}
      </text>
    </g>
  )
}

/** The soft span of a surge. */
export function SurgeSpan({ from, to }: { from: number; to: number }) {
  const x = useXAxisScale()
  const plot = usePlotArea()
  if (!x || !plot) return null
  const inside = (at: number) => Math.min(plot.x + plot.width, Math.max(plot.x, x(at) ?? plot.x))
  const left = inside(from)
  const width = inside(to) - left
  if (width <= 0) return null
  return (
    <g pointerEvents="none">
      <rect x={left} y={plot.y} width={width} height={plot.height} fill="var(--wait)" opacity={0.1} />
      {width > 40 ? (
        <text x={left + 4} y={plot.y + 12} fontSize={11} fill="var(--wait)">
          surge
        </text>
      ) : null}
    </g>
  )
}

/** Proposals as rings and decisions as squares along the foot of the plot; each leads to its record. */
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
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same records are listed as links beside the chart
          <g
            key={`${marker.kind}-${marker.id}`}
            onClick={() => onOpen?.(marker)}
            className={onOpen ? 'cursor-pointer' : undefined}
          >
            <title>{marker.label}</title>
            <line x1={left} x2={left} y1={plot.y} y2={foot} stroke="var(--action)" opacity={0.25} />
            {marker.kind === 'proposal' ? (
              <circle
                cx={left}
                cy={foot - 6}
                r={4}
                fill="var(--canvas)"
                stroke="var(--action)"
                strokeWidth={1.5}
              />
            ) : (
              <rect x={left - 4} y={foot - 10} width={8} height={8} fill="var(--action)" />
            )}
          </g>
        )
      })}
    </g>
  )
}
