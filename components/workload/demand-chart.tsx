'use client'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import type { RouterOutputs } from '../../server/api/router.ts'
import type { PlannedEvent } from '../../server/forecast/contract.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { ChartFigure, type ChartTable } from '../charts/chart-figure.tsx'
import { fanOf, fanRows } from '../charts/fan.ts'
import { FanChart } from '../charts/fan-chart.tsx'
import type { ChartMarker } from '../charts/markers.tsx'
import { spansOf } from '../charts/spans.ts'
import { plannedSteps, readySteps } from '../charts/steps.ts'
import { useEnvironment } from '../frame/environment.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { demandLegend } from './demand-legend.ts'
import type { useReview } from './use-review.ts'
import { useSignal } from './use-signals.ts'
import type { Span } from './use-window.ts'

/**
 * Demand measured and forecast, capacity, events, what was proposed, decided and found changed. Looking back, the
 * forecast of that moment stands in place of the newest.
 */
export function DemandChart({
  workload,
  span,
  forecast,
  past,
  events,
  capacityPerReplica,
  ordered,
  open,
  onPick,
  onDrift,
}: {
  workload: WorkloadView
  span: Span
  forecast: RouterOutputs['workload']['forecast'] | undefined
  /** What was said at the moment that is looked back at. */
  past: ReturnType<typeof useReview> | null
  events: readonly PlannedEvent[]
  capacityPerReplica: number | null
  /** Replicas asked for, when more than are ready. */
  ordered: number | null
  open: PlanContent | null
  onPick: (at: number) => void
  onDrift: () => void
}) {
  const router = useRouter()
  const { link } = useEnvironment()
  const { from, to, now } = span
  const demand = useSignal(workload, workload.demandSignal, from, Math.min(now, to))
  const ready = useSignal(workload, 'ready_replicas', from, Math.min(now, to))
  const markers = useMarkers(workload.id, span, forecast)
  const newest = useMemo(() => (forecast ? fanOf(forecast.snapshot) : []), [forecast])
  const fan = past ? past.fan : newest
  const shown = past ? past.review : forecast
  const served = useMemo(
    () => (capacityPerReplica === null ? [] : readySteps(ready.raw, capacityPerReplica)),
    [ready.raw, capacityPerReplica],
  )
  const planned = useMemo(() => (open ? plannedSteps(open) : null), [open])
  const surge = past ? null : (open?.evidence.surge ?? null)
  const spans = spansOf(events, surge).filter((one) => one.to > from && one.from < to)
  const unit = forecast?.snapshot.unit ?? demand.unit
  const capacity = {
    ready: served.length > 0 ? served : (planned?.ready ?? []),
    inFlight:
      past || ordered === null || capacityPerReplica === null
        ? []
        : [{ at: now, value: ordered * capacityPerReplica }],
    proposed: past ? [] : (planned?.proposed ?? []),
  }
  const table = (): ChartTable => ({
    unit,
    columns: ['measured', 'median', '10 %', '90 %'],
    rows: fanRows(demand.points, fan).map((row) => ({
      at: row.at,
      values: [row.measured, row.median, row.band80?.[0], row.band80?.[1]],
    })),
  })
  const pick = (at: number) => {
    const touch = window.matchMedia('(pointer: coarse)').matches
    // A finger reads values by touching; it picks only once the person is looking back.
    if (at < now && (past || !touch)) onPick(at)
  }
  return (
    <ChartFigure
      title="Demand and capacity"
      unit={unit}
      legend={demandLegend({ capacity, spans, markers, past: past !== null })}
      table={table}
      fileName={`${workload.name}-demand`}
      aside={
        <span className="text-muted text-xs">
          {shown ? (
            <>
              forecast of <RelativeTime at={shown.snapshot.origin} />
            </>
          ) : shown === null ? (
            past ? (
              'no forecast stood then'
            ) : (
              'no forecast yet'
            )
          ) : null}
        </span>
      }
    >
      {demand.failure && demand.points.length === 0 ? (
        <p className="flex h-72 items-center justify-center border px-4 text-center text-muted">
          {demand.failure}
        </p>
      ) : demand.pending ? (
        <Skeleton className="h-72" />
      ) : (
        <FanChart
          label={`${workload.title}: demand in ${unit}, measured and forecast, with capacity. Arrow keys read it, Enter looks back at a moment.`}
          measured={demand.points}
          forecast={fan}
          issuedAt={shown ? Date.parse(shown.snapshot.origin) : null}
          past={past ? { missed: past.missed } : undefined}
          onMarker={({ kind, id }) => {
            if (kind === 'drift') onDrift()
            else
              router.push(link(kind === 'proposal' ? `/inbox?view=all&proposal=${id}` : `/decisions/${id}`))
          }}
          onPick={pick}
          syncId={workload.id}
          height={288}
          {...{ unit, capacity, spans, markers, from, to, now }}
        />
      )}
    </ChartFigure>
  )
}

/** Proposals and decisions of the span, and what the engine found changed within it. */
function useMarkers(
  workloadId: string,
  { from, to, now }: Span,
  forecast: RouterOutputs['workload']['forecast'] | undefined,
): ChartMarker[] {
  const trpc = useTRPC()
  const window = {
    workloadId,
    from: new Date(from).toISOString(),
    to: new Date(Math.min(now, to)).toISOString(),
  }
  const query = useQuery(trpc.workload.markers.queryOptions(window, { placeholderData: (old) => old }))
  return useMemo(() => {
    const records = (query.data ?? []).map(({ at, id, kind, label }) => ({
      at: Date.parse(at),
      id,
      kind,
      label,
    }))
    const drift = (forecast?.snapshot.drift ?? []).map(({ at, text }) => ({
      at: Date.parse(at),
      id: `${at} ${text}`,
      kind: 'drift' as const,
      label: text,
    }))
    return [...records, ...drift].filter(({ at }) => at >= from && at <= to)
  }, [query.data, forecast, from, to])
}
