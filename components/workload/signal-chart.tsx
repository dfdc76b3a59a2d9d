'use client'
import { useMemo } from 'react'
import { type SignalName, signalCatalogue, type WorkloadView } from '../../server/telemetry/contract.ts'
import { ChartFigure } from '../charts/chart-figure.tsx'
import { SeriesChart } from '../charts/series-chart.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useSignal } from './use-signals.ts'
import type { Span } from './use-window.ts'

/** One signal, small, on the same time axis as the demand above it. */
export function SignalChart({
  workload,
  signal,
  span,
  limit,
}: {
  workload: WorkloadView
  signal: SignalName
  span: Span
  limit?: { value: number; label: string }
}) {
  const { unit, pending, failure, ...query } = useSignal(
    workload,
    signal,
    span.from,
    Math.min(span.now, span.to),
  )
  const spec = signalCatalogue.find((candidate) => candidate.name === signal)
  const title = spec?.description ?? signal
  const { unit: shown, per } = readableUnit(spec?.unit ?? unit, limit?.value ?? 0)
  const points = useMemo(
    () => query.points.map(({ at, value }) => ({ at, value: value === null ? null : value / per })),
    [query.points, per],
  )
  const measured = points.some((point) => point.value !== null)
  return (
    <ChartFigure
      title={title}
      unit={shown}
      fileName={`${workload.name}-${signal}`}
      table={() => ({
        unit: shown,
        columns: [title],
        rows: points.map((point) => ({ at: point.at, values: [point.value] })),
      })}
      aside={
        limit ? (
          <span className="flex items-center gap-1.5 text-muted text-xs">
            <svg aria-hidden="true" width="16" height="2">
              <line
                x1="0"
                x2="16"
                y1="1"
                y2="1"
                stroke="var(--breach)"
                strokeWidth="2"
                strokeDasharray="4 3"
              />
            </svg>
            {limit.label}
          </span>
        ) : null
      }
    >
      {pending ? (
        <Skeleton className="h-[120px]" />
      ) : measured ? (
        <SeriesChart
          label={title}
          unit={shown}
          points={points}
          limit={limit && { ...limit, value: limit.value / per }}
          syncId={workload.id}
          {...span}
        />
      ) : (
        <p className="flex h-[120px] items-center justify-center border px-4 text-center text-muted">
          {failure ?? `Not measured in this window: no series is mapped to ${signal}.`}
        </p>
      )}
    </ChartFigure>
  )
}

/** A unit that fits what is promised: nobody reads an objective of a quarter of an hour in milliseconds. */
function readableUnit(unit: string, limit: number): { unit: string; per: number } {
  if (unit === 'ms' && limit >= 120_000) return { unit: 'min', per: 60_000 }
  if (unit === 'ms' && limit >= 10_000) return { unit: 's', per: 1_000 }
  return { unit, per: 1 }
}
