'use client'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import type { RouterOutputs } from '../../server/api/router.ts'
import type { PlanContent } from '../../server/plan/contract.ts'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { ChartFigure, type ChartTable } from '../charts/chart-figure.tsx'
import { fanOf, fanRows } from '../charts/fan.ts'
import { FanChart } from '../charts/fan-chart.tsx'
import type { LegendItem } from '../charts/legend.tsx'
import { plannedSteps, readySteps } from '../charts/steps.ts'
import { useEnvironment } from '../frame/environment.ts'
import { RelativeTime } from '../ui/clock.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useSignal } from './use-signals.ts'

export type Span = { from: number; to: number; now: number }

const legend: LegendItem[] = [
  { mark: 'line', label: 'measured' },
  { mark: 'thin', label: 'median forecast' },
  { mark: 'band', label: '50, 80, 98 %' },
  { mark: 'step', label: 'capacity ready' },
  { mark: 'dashed', label: 'in flight' },
  { mark: 'action', label: 'with the open proposal' },
  { mark: 'ring', label: 'proposal' },
  { mark: 'square', label: 'decision' },
]

/** Demand measured and forecast, capacity, what was proposed and decided, and on request what was said then. */
export function DemandChart({
  workload,
  span,
  forecast,
  saidAt,
  capacityPerReplica,
  ordered,
  open,
}: {
  workload: WorkloadView
  span: Span
  forecast: RouterOutputs['workload']['forecast'] | undefined
  saidAt: number | null
  capacityPerReplica: number | null
  /** Replicas asked for, when more than are ready. */
  ordered: number | null
  open: PlanContent | null
}) {
  const trpc = useTRPC()
  const router = useRouter()
  const { link } = useEnvironment()
  const { from, to, now } = span
  const demand = useSignal(workload, workload.demandSignal, from, now)
  const ready = useSignal(workload, 'ready_replicas', from, now)
  const window = {
    workloadId: workload.id,
    from: new Date(from).toISOString(),
    to: new Date(now).toISOString(),
  }
  const markers = useQuery(trpc.workload.markers.queryOptions(window, { placeholderData: (old) => old })).data
  const said = useQuery(
    trpc.workload.forecast.queryOptions(
      { workloadId: workload.id, at: new Date(saidAt ?? now).toISOString() },
      { enabled: saidAt !== null, placeholderData: (old) => old },
    ),
  ).data
  const fan = useMemo(() => (forecast ? fanOf(forecast.snapshot) : []), [forecast])
  const saidFan = useMemo(() => (said && saidAt !== null ? fanOf(said.snapshot) : []), [said, saidAt])
  const past = useMemo(
    () => (capacityPerReplica === null ? [] : readySteps(ready.raw, capacityPerReplica)),
    [ready.raw, capacityPerReplica],
  )
  const planned = useMemo(() => (open ? plannedSteps(open) : null), [open])
  const surge = open?.evidence.surge ?? null
  const unit = forecast?.snapshot.unit ?? demand.unit
  const table = (): ChartTable => ({
    unit,
    columns: ['measured', 'median', '10 %', '90 %', 'said then'],
    rows: fanRows(demand.points, fan, saidFan).map((row) => ({
      at: row.at,
      values: [row.measured, row.median, row.band80?.[0], row.band80?.[1], row.said],
    })),
  })
  return (
    <ChartFigure
      title="Demand and capacity"
      unit={unit}
      legend={saidAt === null ? legend : [...legend, { mark: 'dotted', label: 'said then, 80 %' }]}
      table={table}
      fileName={`${workload.name}-demand`}
      aside={
        <span className="text-muted text-xs">
          {forecast ? (
            <>
              forecast of <RelativeTime at={forecast.snapshot.origin} />
            </>
          ) : forecast === null ? (
            'no forecast yet'
          ) : null}
          {said && saidAt !== null ? (
            <>
              , over it the one of <RelativeTime at={said.snapshot.origin} />
            </>
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
          label={`${workload.title}: demand in ${unit}, measured and forecast, with capacity`}
          unit={unit}
          measured={demand.points}
          forecast={fan}
          issuedAt={forecast ? Date.parse(forecast.snapshot.origin) : null}
          said={saidFan}
          capacity={{
            ready: past.length > 0 ? past : (planned?.ready ?? []),
            inFlight:
              ordered === null || capacityPerReplica === null
                ? []
                : [{ at: now, value: ordered * capacityPerReplica }],
            proposed: planned?.proposed ?? [],
          }}
          surge={surge ? { from: Date.parse(surge.startsAt), to: Date.parse(surge.endsAt) } : null}
          markers={(markers ?? []).map(({ at, id, kind, label }) => ({
            at: Date.parse(at),
            id,
            kind,
            label,
          }))}
          onMarker={({ kind, id }) =>
            router.push(link(kind === 'proposal' ? `/inbox?view=all&proposal=${id}` : `/decisions/${id}`))
          }
          syncId={workload.id}
          height={288}
          {...{ from, to, now }}
        />
      )}
    </ChartFigure>
  )
}
