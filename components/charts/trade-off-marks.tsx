'use client'
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts'
import { placeMarks } from './place-marks.ts'
import type { TradeOffPoint } from './trade-off-chart.tsx'

const markSize = 16

/** The points, each where it is; numbers stand beside theirs, where they hide no other, with a line back. */
export function TradeOffMarks({
  points,
  active,
  onActive,
}: {
  points: readonly TradeOffPoint[]
  active: string | null
  onActive: (key: string | null) => void
}) {
  const [x, y, plot] = [useXAxisScale(), useYAxisScale(), usePlotArea()]
  if (!x || !y || !plot) return null
  const drawn = points.flatMap((point) => {
    const [left, top] = [x(point.x), y(point.y)]
    return left === undefined || top === undefined ? [] : [{ point, at: { x: left, y: top } }]
  })
  const named = drawn.filter(({ point }) => point.mark !== null)
  const box = { left: plot.x, top: 0, right: plot.x + plot.width, bottom: plot.y + plot.height }
  const places = placeMarks(
    named.map(({ at }) => at),
    box,
    markSize,
  )
  const shown = drawn.find(({ point }) => point.key === active)
  return (
    <g>
      {drawn.map(({ point, at }) => (
        <g
          key={point.key}
          transform={`translate(${at.x} ${at.y})`}
          onPointerEnter={() => onActive(point.key)}
        >
          <circle r={9} fill="transparent" />
          <Shape look={point.above ? 'above' : point.look} named={point.mark !== null} />
        </g>
      ))}
      {named.map(({ point, at }, i) => {
        const place = places[i] ?? at
        return (
          <g key={point.key} onPointerEnter={() => onActive(point.key)}>
            <line x1={at.x} y1={at.y} x2={place.x} y2={place.y} stroke="var(--line-strong)" />
            <circle
              cx={place.x}
              cy={place.y}
              r={markSize / 2}
              fill="var(--canvas)"
              stroke="var(--line-strong)"
            />
            <text x={place.x} y={place.y + 3.5} textAnchor="middle" fontSize={10} fill="var(--ink)">
              {point.mark}
            </text>
          </g>
        )
      })}
      {shown ? (
        <circle cx={shown.at.x} cy={shown.at.y} r={9} fill="none" stroke="var(--ink)" strokeWidth={1.5} />
      ) : null}
    </g>
  )
}

function Shape({ look, named }: { look: TradeOffPoint['look'] | 'above'; named: boolean }) {
  if (look === 'above') return <path d="M0 -6l5 9h-10z" fill="var(--muted)" />
  if (look === 'square') return <rect x={-4} y={-4} width={8} height={8} fill="var(--action)" />
  if (look === 'diamond') return <path d="M0 -5l5 5l-5 5l-5 -5z" fill="var(--canvas)" stroke="var(--ink)" />
  return <circle r={3.5} fill={named ? 'var(--ink)' : 'var(--muted)'} />
}
