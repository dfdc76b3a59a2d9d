'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { DataTable } from '../ui/data-table.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Input } from '../ui/field.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { workloadColumns } from './workload-columns.tsx'

/** Every workload in one table; sorting and filter are in the URL. */
export function WorkloadsPage() {
  const trpc = useTRPC()
  const { environment, link } = useEnvironment()
  const [choice, setChoice] = useQueryStates({
    q: parseAsString.withDefault(''),
    sort: parseAsString.withDefault('name'),
    direction: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('asc'),
  })
  const query = useQuery(trpc.overview.get.queryOptions())
  const columns = useMemo(() => workloadColumns(link), [link])
  const wanted = choice.q.trim().toLowerCase()
  const rows = (query.data?.workloads ?? []).filter(
    ({ workload }) =>
      (!environment || workload.environment === environment) &&
      `${workload.name} ${workload.title} ${workload.team}`.toLowerCase().includes(wanted),
  )
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="Workloads"
        actions={
          <Input
            type="search"
            aria-label="Search workloads"
            placeholder="Search"
            className="w-48"
            value={choice.q}
            onChange={(event) => void setChoice({ q: event.target.value || null })}
          />
        }
      />
      {query.error ? (
        <ErrorState
          what="The workloads"
          error={{ message: errorMessageOf(query.error) }}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <SkeletonRows rows={8} />
      ) : (
        <DataTable
          label="Workloads"
          rows={rows}
          columns={columns}
          rowKey={({ workload }) => workload.id}
          sort={{ id: choice.sort, direction: choice.direction }}
          onSort={({ id, direction }) => void setChoice({ sort: id, direction })}
          className="min-h-0 flex-1"
          empty={
            wanted || environment ? (
              <EmptyState title="Nothing matches">
                Search for something else, or choose all environments.
              </EmptyState>
            ) : (
              <EmptyState title="No workload yet">
                An admin declares workloads with <code className="num">infrasage apply</code>; they appear
                here with their demand and forecast.
              </EmptyState>
            )
          }
        />
      )}
    </div>
  )
}
