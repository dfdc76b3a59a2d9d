'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryState } from 'nuqs'
import type { BaseModelList } from '../../server/governance/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'
import { modelColumns } from './model-columns.tsx'
import { ModelSheet } from './model-sheet.tsx'
import { RefitButton } from './refit-button.tsx'

/** The bases of the neural expert: which is live, which wait for a decision, and how each came to be. */
export function ModelsPage() {
  const trpc = useTRPC()
  const [version, setVersion] = useQueryState('base', parseAsString)
  const query = useQuery(trpc.baseModel.list.queryOptions())
  const live = query.data?.rows.find((row) => row.live)
  const chosen = query.data?.rows.find((row) => row.version === version)
  const open = (next: string | null) => void setVersion(next)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead title="Models" actions={<RefitButton onMade={open} />}>
        {live ? (
          <p>
            Forecasts start from <span className="num text-ink">{live.version}</span>.
          </p>
        ) : null}
      </PageHead>
      <p className="max-w-prose px-4 pb-3 text-muted">
        All workloads share one base of the neural network. It is refitted once a week on what they keep of
        their past. A refitted base changes no forecast until a person approves it.
      </p>
      <Loaded what="Base models" query={query} rows={4}>
        {(list) => <Bases list={list} selected={version} onOpen={open} />}
      </Loaded>
      {chosen ? <ModelSheet key={chosen.version} row={chosen} onClose={() => open(null)} /> : null}
    </div>
  )
}

function Bases({
  list,
  selected,
  onOpen,
}: {
  list: BaseModelList
  selected: string | null
  onOpen: (version: string) => void
}) {
  const [sort, setSort] = useSort({ id: 'made', direction: 'desc' })
  return (
    <>
      <DataTable
        label="Base models"
        rows={list.rows}
        columns={modelColumns(onOpen)}
        rowKey={(row) => row.version}
        sort={sort}
        onSort={(next) => void setSort(next)}
        selectedKey={selected}
        onRowClick={(row) => onOpen(row.version)}
        className={list.rows.length === 1 ? undefined : 'min-h-0 flex-1'}
        empty={null}
      />
      {list.rows.length === 1 ? (
        <EmptyState title="Only the shipped base so far">
          A refit proposes the next one: by itself a week after the first forecast, at once by an admin, or by{' '}
          <code className="num">infrasage model refit</code>.
        </EmptyState>
      ) : null}
    </>
  )
}
