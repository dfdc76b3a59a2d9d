import Link from 'next/link'
import type { OverviewWorkload } from '../../server/api/contract.ts'
import { StaleReading } from '../frame/stale-reading.tsx'
import { Countdown } from '../inbox/countdown.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import type { Column } from '../ui/data-table.tsx'
import { formatMoney, formatNumber, formatQuantity, NONE } from '../ui/format.ts'
import { formatClock } from '../ui/time.ts'

function currentOf(row: OverviewWorkload): number | null {
  return row.recent.findLast((point) => point.value !== null)?.value ?? null
}

/** What the table of workloads shows, and what each column is sorted by. */
export function workloadColumns(link: (href: string) => string): Column<OverviewWorkload>[] {
  return [
    {
      id: 'name',
      header: 'Workload',
      sortBy: (row) => row.workload.title,
      cell: ({ workload }) => (
        <Link href={link(`/workloads/${workload.name}`)} className="font-medium hover:underline">
          {workload.title}
        </Link>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      sortBy: (row) => row.workload.kind,
      cell: (row) => row.workload.kind,
    },
    {
      id: 'environment',
      header: 'Environment',
      sortBy: (row) => row.workload.environment,
      cell: (row) => row.workload.environment,
    },
    {
      id: 'demand',
      header: 'Demand',
      align: 'right',
      sortBy: (row) => currentOf(row) ?? -1,
      cell: (row) => formatQuantity(currentOf(row), row.unit),
    },
    {
      id: 'peak',
      header: 'Peak ahead, p90',
      align: 'right',
      sortBy: (row) => row.forecast?.peakUpper90 ?? -1,
      cell: (row) =>
        row.forecast ? (
          <>
            {formatQuantity(row.forecast.peakUpper90, row.unit)}{' '}
            <span className="text-muted">
              <Moment at={row.forecast.peakAt} format={formatClock} />
            </span>
          </>
        ) : (
          NONE
        ),
    },
    {
      id: 'capacity',
      header: 'Capacity',
      align: 'right',
      sortBy: (row) => row.capacity ?? -1,
      cell: (row) => formatQuantity(row.capacity, row.unit),
    },
    {
      id: 'replicas',
      header: 'Ready',
      align: 'right',
      sortBy: (row) => row.readyReplicas ?? -1,
      cell: (row) => (
        <>
          {formatNumber(row.readyReplicas)} of {formatNumber(row.desiredReplicas)}
          <StaleReading at={row.readAt} />
        </>
      ),
    },
    {
      id: 'cost',
      header: 'Cost',
      align: 'right',
      sortBy: (row) => row.costPerHourUsd ?? -1,
      cell: (row) => formatMoney(row.costPerHourUsd, { per: 'h' }),
    },
    {
      id: 'automation',
      header: 'Automation',
      sortBy: (row) => row.policy?.automationLevel ?? '',
      cell: (row) => row.policy?.automationLevel ?? NONE,
    },
    {
      id: 'telemetry',
      header: 'Telemetry',
      sortBy: (row) => row.freshness?.lastSampleAt ?? '',
      cell: ({ freshness }) =>
        freshness?.lastSampleAt ? (
          <span className={freshness.stale ? 'text-wait' : 'text-muted'}>
            <RelativeTime at={freshness.lastSampleAt} />
            {freshness.stale ? ', stale' : ''}
          </span>
        ) : (
          <span className="text-wait">none yet</span>
        ),
    },
    {
      id: 'waiting',
      header: 'Waits',
      sortBy: (row) => row.waiting?.actBy ?? '9',
      cell: ({ waiting }) =>
        waiting ? (
          <Link href={link(`/inbox?proposal=${waiting.id}`)} className="hover:underline">
            #{waiting.number} <Countdown actBy={waiting.actBy} />
          </Link>
        ) : (
          <span className="text-muted">{NONE}</span>
        ),
    },
  ]
}
