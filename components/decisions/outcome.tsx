'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { controlOf } from '../../server/plan/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { ChartFigure } from '../charts/chart-figure.tsx'
import { type MeasuredPoint, measuredOf } from '../charts/fan.ts'
import { SeriesChart } from '../charts/series-chart.tsx'
import type { DecisionRecord } from './decision-record.ts'
import { readyRead } from './ready-read.ts'

const beforeMs = 3_600_000
const afterMs = 2 * 3_600_000

const signals = [
  { signal: 'latency_p99_ms', title: 'p99 latency' },
  { signal: 'ready_replicas', title: 'Ready replicas' },
  { signal: 'cost_per_hour_usd', title: 'Cost' },
] as const

/** What was measured from an hour before the decision until two hours after; a line marks the decision. */
export function Outcome({ record: { decision, dispatch } }: { record: DecisionRecord }) {
  const read = useMemo(() => {
    const actions = (decision.sent ?? decision.seen).actions.filter(
      ({ kind, workloadId = decision.workload.id }) =>
        controlOf[kind] === 'replicas' && workloadId === decision.workload.id,
    )
    return readyRead(
      dispatch?.receipts ?? [],
      actions.map(({ targetId }) => targetId),
    )
  }, [decision, dispatch])
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-3">
      {signals.map(({ signal, title }) => (
        <SignalAround
          key={signal}
          signal={signal}
          title={title}
          workloadId={decision.workload.id}
          decidedAt={Date.parse(decision.at)}
          read={signal === 'ready_replicas' ? { points: read, unit: 'replicas' } : undefined}
          limit={
            signal === 'latency_p99_ms'
              ? { value: decision.seen.evidence.objectiveP99Ms, label: 'objective' }
              : undefined
          }
        />
      ))}
    </div>
  )
}

type SignalAroundProps = {
  signal: (typeof signals)[number]['signal']
  title: string
  workloadId: string
  decidedAt: number
  /** What dispatch read of the targets, where nobody measures the signal. */
  read?: { points: MeasuredPoint[]; unit: string }
  limit?: { value: number; label: string }
}

function SignalAround({ signal, title, workloadId, decidedAt, limit, read }: SignalAroundProps) {
  const trpc = useTRPC()
  const [from, to] = [decidedAt - beforeMs, decidedAt + afterMs]
  const { data, isPending } = useQuery(
    trpc.workload.signal.queryOptions(
      {
        workloadId,
        signal,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        maxPoints: 400,
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const measured = useMemo(() => measuredOf(data?.points ?? []), [data])
  const unmeasured = !isPending && measured.every(({ value }) => value === null)
  const instead = unmeasured && read && read.points.length > 0 ? read : null
  const points = instead?.points ?? measured
  const unit = instead?.unit ?? data?.unit ?? ''
  const isEmpty = unmeasured && instead === null
  return (
    <ChartFigure
      title={instead ? `${title}, as dispatch read them` : title}
      unit={unit}
      fileName={`${signal}-around-decision`}
      table={() => ({
        columns: [title],
        unit,
        rows: points.map(({ at, value }) => ({ at, values: [value] })),
      })}
    >
      {isEmpty ? (
        <p className="flex h-30 items-center justify-center border text-muted text-xs">
          Not measured around then
        </p>
      ) : (
        <SeriesChart
          label={`${title}, from an hour before the decision`}
          {...{ unit, points, from, to, limit }}
          now={decidedAt}
          nowLabel="decided"
          syncId="outcome"
        />
      )}
    </ChartFigure>
  )
}
