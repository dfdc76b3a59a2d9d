'use client'
import {
  CartesianGrid,
  ComposedChart,
  LabelList,
  Line,
  ReferenceLine,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { type ParetoPoint, REPLAY_POLICY_WORDS } from '../../server/evaluation/contract.ts'
import { valueAxis } from '../charts/axis.ts'
import { formatMoney, formatPercent, formatQuantity, formatTick } from '../ui/format.ts'
import { frontierOf, isOptimum, latencyTicks } from './pareto.ts'

const tick = { fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }

/** What was paid against how fast it served; the frontier joins what no other policy betters in both. Latency in logarithms. */
export function ParetoChart({ points, objectiveP99Ms }: { points: ParetoPoint[]; objectiveP99Ms: number }) {
  const money = valueAxis(Math.max(0, ...points.map(({ paidCostUsd }) => paidCostUsd)))
  const latency = latencyTicks(points.map(({ latencyP99Ms }) => latencyP99Ms).concat(objectiveP99Ms))
  const group = (wanted: (point: ParetoPoint) => boolean) => points.filter(wanted)
  const label = (
    <LabelList
      dataKey={(point: ParetoPoint) => (point.inForce ? REPLAY_POLICY_WORDS[point.policy].title : '')}
      position="right"
      offset={7}
      fill="var(--ink)"
      fontSize={11}
    />
  )
  return (
    <ComposedChart
      responsive
      title="Cost and latency of every policy and setting"
      accessibilityLayer
      margin={{ top: 12, right: 96, bottom: 18, left: 4 }}
      style={{ width: '100%', height: 320, fontSize: 11 }}
    >
      <CartesianGrid stroke="var(--line)" />
      <XAxis
        dataKey="paidCostUsd"
        type="number"
        domain={[0, money.max]}
        ticks={money.ticks}
        tickFormatter={(value: number) => formatTick(value, '$')}
        stroke="var(--line-strong)"
        tick={tick}
        height={24}
        label={{ value: 'paid, $', position: 'insideBottomRight', offset: -14, fill: 'var(--muted)' }}
      />
      <YAxis
        dataKey="latencyP99Ms"
        type="number"
        scale="log"
        domain={[latency.min, latency.max]}
        ticks={latency.ticks}
        allowDataOverflow
        tickFormatter={(value: number) => formatQuantity(value, 'ms')}
        stroke="transparent"
        tick={tick}
        width={64}
      />
      <ReferenceLine
        y={objectiveP99Ms}
        stroke="var(--breach)"
        strokeDasharray="4 3"
        label={{ value: 'objective', position: 'insideTopLeft', fill: 'var(--breach)', fontSize: 11 }}
      />
      <Line
        data={frontierOf(points)}
        dataKey="latencyP99Ms"
        type="stepAfter"
        stroke="var(--muted)"
        strokeDasharray="2 3"
        dot={false}
        activeDot={false}
        isAnimationActive={false}
      />
      <Scatter
        data={group(({ policy }) => policy !== 'infrasage' && !isOptimum(policy))}
        shape="circle"
        fill="var(--muted)"
        isAnimationActive={false}
      >
        {label}
      </Scatter>
      <Scatter
        data={group(({ policy }) => isOptimum(policy))}
        shape="diamond"
        fill="var(--canvas)"
        stroke="var(--ink)"
        isAnimationActive={false}
      >
        {label}
      </Scatter>
      <Scatter
        data={group(({ policy }) => policy === 'infrasage')}
        shape="square"
        fill="var(--action)"
        isAnimationActive={false}
      >
        {label}
      </Scatter>
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        wrapperStyle={{ zIndex: 30 }}
        content={({ active, payload }) => {
          const point: ParetoPoint | undefined = payload?.[0]?.payload
          return active && point ? <PointBox point={point} /> : null
        }}
      />
    </ComposedChart>
  )
}

function PointBox({ point }: { point: ParetoPoint }) {
  return (
    <div className="pointer-events-none rounded-md border border-line-strong bg-raised px-2 py-1.5 text-ink text-xs shadow-md">
      <p className="font-medium">
        {REPLAY_POLICY_WORDS[point.policy].title}
        {point.setting ? <span className="ml-2 font-normal text-muted">{point.setting}</span> : null}
      </p>
      <p className="num">
        {formatMoney(point.paidCostUsd)} paid, p99 {formatQuantity(point.latencyP99Ms, 'ms')},{' '}
        {formatPercent(point.violationShareDemand, 1)} late
      </p>
    </div>
  )
}
