'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { PolicyRow } from '../../server/governance/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { DataTable } from '../ui/data-table.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { ApprovalsView } from './approvals/approvals-view.tsx'
import { EngineView } from './engine/engine-view.tsx'
import { policyColumns } from './policy-columns.tsx'
import { PolicySheet } from './policy-sheet.tsx'
import { RulesView } from './rules/rules-view.tsx'

const views = ['bounds', 'rules', 'approvals', 'engine'] as const

/** The bounds of every workload, compared; one of them in a sheet, changed with a reason. */
export function PoliciesPage() {
  const trpc = useTRPC()
  const { environment } = useEnvironment()
  const [{ q, view, workload }, setView] = useQueryStates({
    q: parseAsString.withDefault(''),
    view: parseAsStringLiteral(views).withDefault('bounds'),
    workload: parseAsString,
  })
  const [sort, setSort] = useSort({ id: 'workload', direction: 'asc' })
  const query = useQuery(trpc.policy.list.queryOptions())
  const rows = query.data?.filter((row) => matches(row, q, environment)) ?? []
  const chosen = query.data?.find((row) => row.workload.id === workload)
  const open = (id: string | null) => void setView({ workload: id })

  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title="Policies">
        <Segmented
          label="What is shown"
          value={view}
          onChange={(next) => void setView({ view: next })}
          options={[
            { value: 'bounds', label: 'Bounds by workload' },
            { value: 'rules', label: 'Rules' },
            { value: 'approvals', label: 'Approvals' },
            { value: 'engine', label: 'Engine' },
          ]}
        />
        {view !== 'bounds' ? null : (
          <Input
            type="search"
            aria-label="Search policies"
            placeholder="Search workload"
            className="w-56"
            value={q}
            onChange={(event) => void setView({ q: event.target.value || null })}
          />
        )}
      </PageHead>
      {view === 'rules' ? (
        <RulesView />
      ) : view === 'approvals' ? (
        <ApprovalsView />
      ) : view === 'engine' ? (
        <EngineView />
      ) : query.isPending ? (
        <SkeletonRows rows={6} />
      ) : query.error && !query.data ? (
        <ErrorState
          what="Policies"
          error={{ message: errorMessageOf(query.error) }}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <DataTable
          label="Policies"
          rows={rows}
          columns={policyColumns(open)}
          rowKey={(row) => row.workload.id}
          sort={sort}
          onSort={(next) => void setSort(next)}
          selectedKey={workload}
          onRowClick={(row) => open(row.workload.id)}
          className="min-h-0 flex-1"
          empty={
            q || environment ? (
              <EmptyState title="Nothing matches">
                Search for another workload, or choose all environments.
              </EmptyState>
            ) : (
              <EmptyState title="No workloads yet">
                Each workload gets its bounds here: replicas, steps, cost, regions and sensitivity.
              </EmptyState>
            )
          }
        />
      )}
      {chosen ? <PolicySheet key={chosen.workload.id} row={chosen} onClose={() => open(null)} /> : null}
    </div>
  )
}

function matches({ workload }: PolicyRow, search: string, environment: string | null): boolean {
  const text = `${workload.title} ${workload.name}`.toLowerCase()
  return text.includes(search.trim().toLowerCase()) && (!environment || workload.environment === environment)
}
