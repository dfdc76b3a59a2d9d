'use client'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { ledgerKinds } from '../../server/evaluation/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Select } from '../ui/select.tsx'
import { EmptyState } from '../ui/states.tsx'
import { ToggleChips } from '../ui/toggle-chips.tsx'
import { ledgerColumns } from './ledger-columns.tsx'
import { LedgerTotalsView } from './ledger-totals.tsx'
import { kindWords } from './words.ts'

const all = 'all'

/** What every decision was worth, summed over what the filters leave. */
export function LedgerSection() {
  const trpc = useTRPC()
  const { link } = useEnvironment()
  const [filters, setFilters] = useQueryStates({
    of: parseAsString,
    by: parseAsString,
    kind: parseAsArrayOf(parseAsStringLiteral(ledgerKinds)).withDefault([]),
  })
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const query = useInfiniteQuery(
    trpc.ledger.list.infiniteQueryOptions(
      {
        workloadId: workloads.find(({ name }) => name === filters.of)?.id,
        userId: filters.by ?? undefined,
        kind: filters.kind.length ? filters.kind : undefined,
      },
      { getNextPageParam: (page) => page.nextBeforeNumber ?? undefined, placeholderData: keepPreviousData },
    ),
  )
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data])
  const first = query.data?.pages[0]
  const columns = useMemo(() => ledgerColumns(link), [link])
  return (
    <section aria-label="Counterfactual ledger" className="mt-8 border-t px-4 pt-3">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-base">Counterfactual ledger</h2>
        <p className="text-muted text-xs">
          what each decision saved (+) or cost (−) against a reactive autoscaler, and against the proposal
          where something else was done; demand measured, latency modelled. <strong>Reactive</strong> is an
          HPA on the leading pool at 70 % utilisation, 300 s before it scales in; it is not tuned, so that a
          tuned one would leave less to save. Where a job is stopped nothing reacts, and the other course is
          doing nothing
        </p>
      </div>
      <div className="my-2 flex flex-wrap items-center gap-2">
        <Select
          label="Workload of the ledger"
          value={filters.of ?? all}
          options={[
            { value: all, label: 'all workloads' },
            ...workloads.map(({ name, title }) => ({ value: name, label: title })),
          ]}
          onChange={(of) => void setFilters({ of: of === all ? null : of })}
        />
        <Select
          label="Who decided"
          value={filters.by ?? all}
          options={[
            { value: all, label: 'everybody' },
            ...(first?.people ?? []).map(({ userId, name }) => ({ value: userId, label: name })),
          ]}
          onChange={(by) => void setFilters({ by: by === all ? null : by })}
        />
        <ToggleChips
          legend="Kinds"
          options={ledgerKinds.map((value) => ({ value, label: kindWords[value] }))}
          chosen={filters.kind}
          onChange={(kind) => void setFilters({ kind: kind.length ? kind : null })}
        />
      </div>
      <Loaded what="The ledger" query={{ ...query, data: first }} rows={4}>
        {(page) =>
          page.totals.entries === 0 ? (
            <EmptyState
              title={filtered(filters) ? 'Nothing matches' : 'Nothing to account yet'}
              className="px-0"
            >
              {filtered(filters)
                ? 'Choose another workload, person or kind.'
                : 'Each decision that was carried out, and each proposal that was rejected or expired, is accounted here as its demand is measured.'}
            </EmptyState>
          ) : (
            <>
              <LedgerTotalsView page={page} />
              <DataTable
                label="Decisions and what they were worth"
                rows={rows}
                columns={columns}
                rowKey={({ decisionId }) => decisionId}
                sort={null}
                onSort={() => {}}
                sorted
                empty={null}
                className="mt-3 max-h-[480px] border-t"
              />
              {query.hasNextPage ? (
                <Button
                  size="sm"
                  className="mt-2"
                  disabled={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  Show older ones
                </Button>
              ) : null}
            </>
          )
        }
      </Loaded>
    </section>
  )
}

const filtered = (filters: { of: string | null; by: string | null; kind: unknown[] }) =>
  filters.of !== null || filters.by !== null || filters.kind.length > 0
