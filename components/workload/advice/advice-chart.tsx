'use client'
import { CartesianGrid, Line, LineChart, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts'
import type { AdviceChart } from '../../../server/plan/contract.ts'
import { valueAxis } from '../../charts/axis.ts'
import { formatQuantity, formatTick } from '../../ui/format.ts'

const tick = { fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }
/** Told apart by stroke as well as by hue. */
const strokes = [
  { stroke: 'var(--ink)', strokeDasharray: undefined },
  { stroke: 'var(--action)', strokeDasharray: undefined },
  { stroke: 'var(--muted)', strokeDasharray: '4 3' },
  { stroke: 'var(--forecast)', strokeDasharray: '2 2' },
]

/** Lines over one axis with the places that are spoken of. */
export function AdviceChartView({ chart }: { chart: AdviceChart }) {
  const xs = chart.lines
    .flatMap(({ points }) => points.map(({ x }) => x))
    .concat(chart.marks.map(({ x }) => x))
  const ys = chart.lines.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])))
  const x = valueAxis(Math.max(0, ...xs))
  const y = valueAxis(Math.max(0, ...ys), 3)
  return (
    <figure aria-label={chart.title} className="min-w-0">
      <figcaption className="eyebrow mb-1">
        {chart.title} <span className="num ml-1 font-normal text-faint">{chart.y.unit}</span>
      </figcaption>
      <LineChart
        responsive
        title={chart.title}
        accessibilityLayer
        margin={{ top: 14, right: 12, bottom: 16, left: 0 }}
        style={{ width: '100%', height: 180, fontSize: 11 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="x"
          type="number"
          domain={[0, x.max]}
          ticks={x.ticks}
          allowDuplicatedCategory={false}
          tickFormatter={(value: number) => formatTick(value, chart.x.unit)}
          stroke="var(--line-strong)"
          tick={tick}
          label={{
            value: `${chart.x.label}${chart.x.unit ? `, ${chart.x.unit}` : ''}`,
            position: 'insideBottomRight',
            offset: -12,
            fill: 'var(--muted)',
          }}
        />
        <YAxis
          domain={[0, y.max]}
          ticks={y.ticks}
          tickFormatter={(value: number) => formatTick(value, chart.y.unit)}
          stroke="transparent"
          tick={tick}
          width={48}
        />
        {chart.lines.map((line, i) => (
          <Line
            key={line.label}
            name={line.label}
            data={line.points}
            dataKey="y"
            {...strokes[i % strokes.length]}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        ))}
        {chart.marks.map((mark) => (
          <ReferenceLine
            key={mark.label}
            x={mark.x}
            stroke="var(--line-strong)"
            label={{ value: mark.label, position: 'top', fill: 'var(--muted)', fontSize: 11 }}
          />
        ))}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          formatter={(value) => formatQuantity(Number(value), chart.y.unit)}
          labelFormatter={(value) => formatQuantity(Number(value), chart.x.unit)}
          contentStyle={{
            background: 'var(--raised)',
            border: '1px solid var(--line-strong)',
            color: 'var(--ink)',
          }}
        />
      </LineChart>
      <ul className="flex flex-wrap gap-x-4 text-muted text-xs">
        {chart.lines.map((line, i) => (
          <li key={line.label} className="flex items-center gap-1.5">
            <svg aria-hidden="true" width="16" height="8">
              <line x1="0" x2="16" y1="4" y2="4" strokeWidth="2" {...strokes[i % strokes.length]} />
            </svg>
            {line.label}
          </li>
        ))}
      </ul>
    </figure>
  )
}
