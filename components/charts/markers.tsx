'use client'
import { usePlotArea, useXAxisScale } from 'recharts'

export type ChartMarker = {
  at: number
  kind: 'proposal' | 'decision' | 'drift'
  label: string
  id: string
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
