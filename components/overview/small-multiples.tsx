'use client'
import { TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import type { OverviewWorkload } from '../../server/api/contract.ts'
import { measuredOf } from '../charts/fan.ts'
import { FanChart } from '../charts/fan-chart.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { StaleReading } from '../frame/stale-reading.tsx'
import { useCoarseNow } from '../ui/clock.tsx'
import { Section } from '../ui/facts.tsx'
import { formatMoney, formatNumber, formatQuantity, NONE } from '../ui/format.ts'
import { highestByUnit } from './coming.ts'

/** As many as one can take in; the rest are in the table of workloads. */
const most = 12

/** Those that wait for a decision first, by their deadline. */
function urgencyOf(entry: OverviewWorkload): number {
  return entry.waiting ? Date.parse(entry.waiting.actBy) : Number.MAX_SAFE_INTEGER
}

/** Every workload, small, on one time axis; the same unit has the same scale. */
export function SmallMultiples({ workloads }: { workloads: readonly OverviewWorkload[] }) {
  const now = useCoarseNow(15)
  const { link } = useEnvironment()
  const highest = highestByUnit(workloads)
  const starts = workloads.flatMap((entry) => (entry.recent[0] ? [Date.parse(entry.recent[0].at)] : []))
  const ends = workloads.flatMap((entry) => {
    const last = entry.forecast?.points.at(-1)
    return last ? [Date.parse(last.at)] : []
  })
  const from = Math.min(now - 3_600_000, ...starts)
  const to = Math.max(now + 1_800_000, ...ends)
  const shown = [...workloads].sort((a, b) => urgencyOf(a) - urgencyOf(b)).slice(0, most)
  return (
    <Section
      title="Workloads"
      aside={
        workloads.length > most ? (
          <Link href={link('/workloads')} className="text-action text-xs hover:underline">
            all <span className="num">{workloads.length}</span>
          </Link>
        ) : null
      }
    >
      <ul className="grid gap-x-8 gap-y-4 border-t pt-3 sm:grid-cols-2 2xl:grid-cols-4">
        {shown.map((entry) => (
          <li key={entry.workload.id} className="min-w-0">
            <Small {...{ entry, from, to, now }} highest={highest.get(entry.unit)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Small({
  entry,
  from,
  to,
  now,
  highest,
}: {
  entry: OverviewWorkload
  from: number
  to: number
  now: number
  highest: number | undefined
}) {
  const { link } = useEnvironment()
  const { workload, forecast, capacity, unit } = entry
  const current = entry.recent.findLast((point) => point.value !== null)?.value ?? null
  const fan =
    forecast?.points.map((point) => ({
      at: Date.parse(point.at),
      median: point.median,
      band80: [point.lower10, point.upper90] satisfies [number, number],
    })) ?? []
  return (
    <>
      <p className="flex items-baseline gap-2">
        <Link
          href={link(`/workloads/${workload.name}`)}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {workload.title}
        </Link>
        {entry.freshness?.stale ? (
          <span className="flex items-center gap-1 text-wait text-xs">
            <TriangleAlert aria-hidden className="size-3" />
            stale
          </span>
        ) : null}
        <span className="num ml-auto whitespace-nowrap">{formatQuantity(current, unit)}</span>
      </p>
      <p className="flex justify-between gap-2 text-muted text-xs">
        <span className="num whitespace-nowrap">
          {entry.readyReplicas === null ? NONE : formatNumber(entry.readyReplicas)} of{' '}
          {entry.desiredReplicas === null ? NONE : formatNumber(entry.desiredReplicas)} ready
          <StaleReading at={entry.readAt} />
        </span>
        <span className="num whitespace-nowrap">{formatMoney(entry.costPerHourUsd, { per: 'h' })}</span>
      </p>
      <FanChart
        label={`${workload.title}: demand in ${unit}, forecast with its 80 % band, and ready capacity`}
        unit={unit}
        measured={measuredOf(entry.recent)}
        forecast={fan}
        issuedAt={forecast ? Date.parse(forecast.issuedAt) : null}
        capacity={
          capacity === null ? null : { ready: [{ at: now, value: capacity }], inFlight: [], proposed: [] }
        }
        syncId="overview"
        height={132}
        bare
        {...{ from, to, now, highest }}
      />
    </>
  )
}
