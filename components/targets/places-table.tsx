'use client'
import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '../../server/api/router.ts'
import { useTRPC } from '../api/provider.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { formatMoney, formatNumber, THIN } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { formatDuration } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'

type Domain = RouterOutputs['domain']['list'][number]
type Place = { domain: Domain; offering: Domain['offerings'][number] }

const columns: Column<Place>[] = [
  {
    id: 'place',
    header: 'place',
    sortBy: ({ domain }) => domain.title,
    cell: ({ domain }) => <span className="font-medium">{domain.title}</span>,
  },
  {
    id: 'region',
    header: 'region',
    sortBy: ({ domain }) => domain.region,
    cell: ({ domain }) => domain.region,
  },
  { id: 'jurisdiction', header: 'jurisdiction', cell: ({ domain }) => domain.jurisdiction },
  {
    id: 'tier',
    header: 'security tier',
    align: 'right',
    sortBy: ({ domain }) => domain.securityTier,
    cell: ({ domain }) => domain.securityTier,
  },
  {
    id: 'hardware',
    header: 'hardware',
    cell: ({ offering }) => `${offering.hardwareClass}, ${offering.market.replace('_', '-')}`,
  },
  {
    id: 'price',
    header: 'per replica',
    align: 'right',
    sortBy: ({ offering }) => offering.pricePerReplicaHourUsd,
    cell: ({ offering }) => formatMoney(offering.pricePerReplicaHourUsd, { per: 'h' }),
  },
  {
    id: 'lead',
    header: 'lead p50, p90',
    align: 'right',
    sortBy: ({ offering }) => offering.leadTimeP90Seconds,
    cell: ({ offering }) =>
      `${formatDuration(offering.leadTimeP50Seconds)}, ${formatDuration(offering.leadTimeP90Seconds)}`,
  },
  {
    id: 'quota',
    header: 'quota',
    align: 'right',
    sortBy: ({ offering }) => offering.quotaReplicas,
    cell: ({ offering }) => formatNumber(offering.quotaReplicas),
  },
  {
    id: 'carbon',
    header: 'carbon',
    align: 'right',
    sortBy: ({ domain }) => domain.carbonGPerKwh,
    cell: ({ domain }) => `${formatNumber(domain.carbonGPerKwh)}${THIN}g/kWh`,
  },
]

/** Every place with what it sells. */
export function PlacesTable() {
  const trpc = useTRPC()
  const query = useQuery(trpc.domain.list.queryOptions())
  const [sort, setSort] = useSort({ id: 'place', direction: 'asc' }, 'placesort')
  return (
    <Loaded what="Places" query={query}>
      {(domains) => (
        <DataTable
          label="Places and prices"
          rows={domains.flatMap((domain) => domain.offerings.map((offering) => ({ domain, offering })))}
          columns={columns}
          rowKey={({ offering }) => offering.id}
          sort={sort}
          onSort={(next) => void setSort(next)}
          className="max-h-[72dvh]"
          empty={
            <EmptyState title="No places yet">
              A place says where capacity stands and what it costs: region, jurisdiction, security tier, price
              and lead time.
            </EmptyState>
          }
        />
      )}
    </Loaded>
  )
}
