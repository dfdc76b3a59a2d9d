'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import { type ReactNode, useState } from 'react'
import type { RouterOutputs } from '../../server/api/router.ts'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { formatMoney, formatNumber, THIN } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { formatDuration } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'
import { EditPlaceDialog } from './edit-place-dialog.tsx'
import { PlaceSheet } from './place-sheet.tsx'

type Domain = RouterOutputs['domain']['list'][number]
export type Place = { domain: Domain; offering: Domain['offerings'][number] }

const columnsFor = (onOpen: (offeringId: string) => void): Column<Place>[] => [
  {
    id: 'place',
    header: 'place',
    sortBy: ({ domain }) => domain.title,
    cell: ({ domain, offering }) => (
      <button type="button" className="font-medium hover:underline" onClick={() => onOpen(offering.id)}>
        {domain.title}
      </button>
    ),
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
    cell: ({ offering }) =>
      `${offering.hardwareClass}, ${offering.kind === 'serverless' ? 'serverless' : offering.market.replace('_', '-')}`,
  },
  {
    id: 'price',
    header: 'per replica',
    align: 'right',
    sortBy: ({ offering }) => offering.pricePerReplicaHourUsd,
    cell: ({ offering }) => (
      <ByHour profile={offering.priceProfileUsd}>
        {formatMoney(offering.pricePerReplicaHourUsd, { per: 'h' })}
      </ByHour>
    ),
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
    cell: ({ domain }) => (
      <ByHour profile={domain.carbonProfileGPerKwh}>
        {`${formatNumber(domain.carbonGPerKwh)}${THIN}g/kWh`}
      </ByHour>
    ),
  },
]

/** A typical value, and a sign where it differs by the hour. */
function ByHour({ profile, children }: { profile: readonly number[]; children: ReactNode }) {
  if (profile.length === 0) return children
  return (
    <span title="It differs by the hour of the day">
      <span className="sr-only">about, it differs by the hour: </span>
      <span aria-hidden className="text-muted">
        ≈{THIN}
      </span>
      {children}
    </span>
  )
}

/** Every place with what it sells; one is opened beside the table. */
export function PlacesTable() {
  const [opened, setOpened] = useQueryState('offering', parseAsString)
  const [editing, setEditing] = useState(false)
  const mayManage = useMay('catalog.manage')
  const trpc = useTRPC()
  const query = useQuery(trpc.domain.list.queryOptions())
  const [sort, setSort] = useSort({ id: 'place', direction: 'asc' }, 'placesort')
  return (
    <Loaded what="Places" query={query}>
      {(domains) => {
        const rows = domains.flatMap((domain) => domain.offerings.map((offering) => ({ domain, offering })))
        const place = rows.find(({ offering }) => offering.id === opened)
        return (
          <>
            <DataTable
              label="Places and prices"
              rows={rows}
              columns={columnsFor((id) => void setOpened(id))}
              rowKey={({ offering }) => offering.id}
              sort={sort}
              onSort={(next) => void setSort(next)}
              selectedKey={opened}
              onRowClick={({ offering }) => void setOpened(offering.id)}
              className="max-h-[72dvh]"
              empty={
                <EmptyState title="No places yet">
                  A place says where capacity stands and what it costs: region, jurisdiction, security tier,
                  price and lead time.
                </EmptyState>
              }
            />
            {place && !editing ? (
              <PlaceSheet
                place={place}
                onEdit={mayManage ? () => setEditing(true) : null}
                onClose={() => void setOpened(null)}
              />
            ) : null}
            {place && editing ? <EditPlaceDialog place={place} onClose={() => setEditing(false)} /> : null}
          </>
        )
      }}
    </Loaded>
  )
}
