'use client'
import { useMemo, useState } from 'react'
import { type ParetoPoint, REPLAY_POLICY_WORDS } from '../../server/evaluation/contract.ts'
import { TradeOffChart } from '../charts/trade-off-chart.tsx'
import { cn } from '../ui/class-names.ts'
import { formatMoney, formatQuantity } from '../ui/format.ts'
import {
  chartPoints,
  frontierOf,
  latencyAxis,
  moneyAxis,
  namedPoints,
  pointName,
  pointWords,
} from './pareto.ts'

/** What was paid against how fast it served, and below it who is who. */
export function ParetoChart({ points, objectiveP99Ms }: { points: ParetoPoint[]; objectiveP99Ms: number }) {
  const [active, setActive] = useState<string | null>(null)
  const shown = active === null ? undefined : points[Number(active)]
  const latency = latencyAxis(
    points.map(({ latencyP99Ms }) => latencyP99Ms),
    objectiveP99Ms,
  )
  const drawn = useMemo(() => chartPoints(points, latency.max), [points, latency.max])
  const above = points.filter(({ latencyP99Ms }) => latencyP99Ms > latency.max)
  const outside = `${objectiveP99Ms < latency.min ? 'below' : 'above'} the chart`
  return (
    <>
      <p aria-live="polite" className="num min-h-5 text-xs">
        {shown ? (
          pointWords(shown)
        ) : (
          <span className="text-muted">
            p99, logarithmic; {latency.holds ? 'dashed' : outside}: objective{' '}
            {formatQuantity(objectiveP99Ms, 'ms')}
          </span>
        )}
      </p>
      {above.length > 0 ? (
        <p className="num text-muted text-xs">
          ▲ above the chart, at its edge: {above.map((point) => pointName(point)).join('; ')}
        </p>
      ) : null}
      <TradeOffChart
        label="Cost and p99 of every policy and setting"
        points={drawn}
        frontier={frontierOf(points).map(({ paidCostUsd, latencyP99Ms }) => ({
          x: paidCostUsd,
          y: Math.min(latencyP99Ms, latency.max),
        }))}
        x={moneyAxis(points.map(({ paidCostUsd }) => paidCostUsd))}
        y={latency}
        limit={latency.holds ? objectiveP99Ms : null}
        active={active}
        onActive={setActive}
      />
      <ol aria-label="Settings in force" className="mt-2 grid gap-x-6 text-xs sm:grid-cols-2">
        {namedPoints(points).map((point, i) => (
          <li
            key={point.policy}
            className={cn('flex items-baseline gap-2 py-0.5', point === shown && 'bg-hover')}
          >
            <span className="num w-4 text-right text-muted">{i + 1}</span>
            <span className="min-w-0 flex-1">{REPLAY_POLICY_WORDS[point.policy].title}</span>
            <span className="num whitespace-nowrap">
              {formatMoney(point.paidCostUsd)}, {formatQuantity(point.latencyP99Ms, 'ms')}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}
