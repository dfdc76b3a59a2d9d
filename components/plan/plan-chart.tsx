'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { PlanContent } from '../../server/plan/contract.ts'
import { type SignalName, signalName } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { ChartFigure, type ChartTable } from '../charts/chart-figure.tsx'
import { fanOf, fanRows, measuredOf } from '../charts/fan.ts'
import { FanChart } from '../charts/fan-chart.tsx'
import type { LegendItem } from '../charts/legend.tsx'
import { spansOf } from '../charts/spans.ts'
import { plannedSteps, readySteps } from '../charts/steps.ts'
import { RelativeTime, useCoarseNow } from '../ui/clock.tsx'

const legendOf = (planWord: string): LegendItem[] => [
  { mark: 'line', label: 'measured' },
  { mark: 'thin', label: 'median forecast' },
  { mark: 'band', label: '50, 80, 98 %' },
  { mark: 'step', label: 'capacity ready' },
  { mark: 'dashed', label: 'if nothing is done' },
  { mark: 'action', label: `with ${planWord}` },
]

/** Demand and capacity with and without the plan, on the forecast that the plan was made from. */
export function PlanChart({
  content,
  height = 248,
  syncId,
  planWord = 'the proposal',
}: {
  content: PlanContent
  /** What the plan is to the reader: "the proposal", "your override". */
  planWord?: string
  height?: number
  syncId?: string
}) {
  const { forecast, surge, capacity } = content.evidence
  const fan = useMemo(() => fanOf(forecast), [forecast])
  const planned = useMemo(() => plannedSteps(content), [content])
  const origin = Date.parse(forecast.origin)
  const to = Math.max(fan.at(-1)?.at ?? origin, Date.parse(content.effect.readyAtP90) + 300_000)
  const from = origin - Math.max(to - origin, 3_600_000)
  const now = useCoarseNow(15)
  const signals = usePast(forecast.workloadId, forecast.signal, from, to)
  const measured = useMemo(() => measuredOf(signals.demand), [signals.demand])
  const past = useMemo(
    () => readySteps(signals.ready, capacity.capacityPerReplica),
    [signals.ready, capacity.capacityPerReplica],
  )
  // What stands once all that is in flight arrived, drawn also where nothing is in flight: what doing nothing comes to.
  const inFlight =
    planned.inFlight.length > 0
      ? planned.inFlight
      : planned.ready.map(({ value }) => ({ at: planned.from, value }))
  const steps = { ...planned, inFlight, ready: past.length > 0 ? past : planned.ready }
  const table = (): ChartTable => ({
    unit: forecast.unit,
    columns: ['measured', 'median', '10 %', '90 %', '99 %'],
    rows: fanRows(measured, fan).map((row) => ({
      at: row.at,
      values: [row.measured, row.median, row.band80?.[0], row.band80?.[1], row.band98?.[1]],
    })),
  })
  return (
    <ChartFigure
      title="Demand and capacity"
      unit={forecast.unit}
      legend={legendOf(planWord)}
      table={table}
      fileName={`demand-${forecast.origin}`}
      aside={
        <span className="text-muted text-xs">
          forecast of <RelativeTime at={forecast.origin} />
        </span>
      }
    >
      <FanChart
        label={`Demand in ${forecast.unit}: measured, forecast with its bands, and capacity with and without the proposal`}
        unit={forecast.unit}
        measured={measured}
        forecast={fan}
        issuedAt={origin}
        capacity={steps}
        spans={spansOf(forecast.events, surge)}
        {...{ from, to, now, height, syncId }}
      />
    </ChartFigure>
  )
}

/** Demand and ready replicas as measured, through the plan's span and on as time goes by. */
function usePast(workloadId: string, demandSignal: string, from: number, to: number) {
  const trpc = useTRPC()
  const window = {
    workloadId,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    maxPoints: 1_000,
  }
  const parsed = signalName.safeParse(demandSignal)
  const demandName: SignalName = parsed.success ? parsed.data : 'requests_per_second'
  const options = { placeholderData: keepPreviousData, enabled: parsed.success }
  const demand = useQuery(trpc.workload.signal.queryOptions({ ...window, signal: demandName }, options))
  const ready = useQuery(trpc.workload.signal.queryOptions({ ...window, signal: 'ready_replicas' }, options))
  return { demand: demand.data?.points ?? none, ready: ready.data?.points ?? none }
}

const none: { at: string; value: number | null }[] = []
