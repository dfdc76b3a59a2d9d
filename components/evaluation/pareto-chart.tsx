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
import { type ParetoPoint, REPLAY_POLICIES, REPLAY_POLICY_WORDS } from '../../server/evaluation/contract.ts'
import { formatMoney, formatPercent, formatQuantity, formatTick } from '../ui/format.ts'
import { frontierOf, isOptimum, latencyTicks, moneyAxis, spreadLabels } from './pareto.ts'

const tick = { fill: 'var(--muted)', fontFamily: 'var(--font-geist-mono)' }
const height = 340
const margin = { top: 12, right: 130, bottom: 18, left: 4 }
const axisHeight = 24
/** Names this close, as a share of the axis of money, may lie on each other. */
const reach = 0.35

/** What was paid against how fast it served; the frontier joins what no other policy betters in both. Latency in logarithms. */
export function ParetoChart({ points, objectiveP99Ms }: { points: ParetoPoint[]; objectiveP99Ms: number }) {
  const money = moneyAxis(points.map(({ paidCostUsd }) => paidCostUsd))
  const latency = latencyTicks(points.map(({ latencyP99Ms }) => latencyP99Ms).concat(objectiveP99Ms))
  const group = (wanted: (point: ParetoPoint) => boolean) => points.filter(wanted)
  const named = group(({ inForce }) => inForce)
  const scale = (height - margin.top - margin.bottom - axisHeight) / Math.log(latency.max / latency.min)
  const shifts = spreadLabels(
    named.map(({ paidCostUsd, latencyP99Ms }) => ({
      x: (paidCostUsd - money.min) / (money.max - money.min),
      y: Math.log(latency.max / latencyP99Ms) * scale,
    })),
    reach,
  )
  const label = (
    <LabelList
      content={({ x, y, index, value }) => {
        const policy = REPLAY_POLICIES.find((each) => each === value)
        const at = named.findIndex((point) => point.policy === policy)
        if (policy === undefined || at < 0 || index === undefined) return null
        return (
          <PointName
            x={Number(x)}
            y={Number(y)}
            shift={shifts[at] ?? 0}
            name={REPLAY_POLICY_WORDS[policy].title}
          />
        )
      }}
      dataKey={(point: ParetoPoint) => (point.inForce ? point.policy : '')}
    />
  )
  return (
    <ComposedChart
      responsive
      title="Cost and latency of every policy and setting"
      accessibilityLayer
      margin={margin}
      style={{ width: '100%', height, fontSize: 11 }}
    >
      <CartesianGrid stroke="var(--line)" />
      <XAxis
        dataKey="paidCostUsd"
        type="number"
        domain={[money.min, money.max]}
        ticks={money.ticks}
        tickFormatter={(value: number) => formatTick(value, '$')}
        stroke="var(--line-strong)"
        tick={tick}
        height={axisHeight}
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

/** The name beside its point; a thin line leads back where it had to make room. */
function PointName({ x, y, shift, name }: { x: number; y: number; shift: number; name: string }) {
  return (
    <g>
      {shift > 4 ? (
        <path d={`M${x + 5} ${y + 5}L${x + 9} ${y + shift + 5}`} stroke="var(--line-strong)" />
      ) : null}
      <text x={x + 12} y={y + shift + 9} fill="var(--ink)" fontSize={11}>
        {name}
      </text>
    </g>
  )
}
