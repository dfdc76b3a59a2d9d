'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { DeadLetterView } from '../../server/dispatch/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { DeadLetterActions } from '../decisions/dead-letter-actions.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { DispatchStateBadge } from '../ui/state-badge.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useSort } from '../ui/use-sort.ts'

const columns: Column<DeadLetterView>[] = [
  {
    id: 'decision',
    header: 'decision',
    sortBy: ({ decisionNumber }) => decisionNumber,
    cell: ({ decisionId, decisionNumber, workload }) => (
      <Link className="font-medium underline underline-offset-2" href={`/decisions/${decisionId}`}>
        {decisionNumber}, {workload.title}
      </Link>
    ),
  },
  { id: 'state', header: 'state', cell: ({ state }) => <DispatchStateBadge state={state} /> },
  { id: 'target', header: 'stopped at', cell: ({ targetName }) => targetName ?? 'its start' },
  {
    id: 'since',
    header: 'since',
    sortBy: ({ since }) => since,
    cell: ({ since }) => <RelativeTime at={since} />,
  },
  {
    id: 'until',
    header: 'can be written until',
    cell: ({ goodUntil }) => (goodUntil ? <Moment at={goodUntil} /> : 'read back at any time'),
  },
  {
    id: 'note',
    header: 'why',
    cell: ({ note }) => <span className="block min-w-[32ch] max-w-[64ch] whitespace-normal">{note}</span>,
  },
  {
    id: 'actions',
    header: 'actions',
    cell: ({ decisionId, decisionNumber }) => (
      <DeadLetterActions decisionId={decisionId} name={`decision ${decisionNumber}`} />
    ),
  },
]

/** What was approved and could not be delivered: nobody carries it on until a person has it tried again or closes it. */
export function DeadLetters() {
  const trpc = useTRPC()
  const query = useQuery(trpc.decision.deadLetters.queryOptions())
  const [sort, setSort] = useSort({ id: 'since', direction: 'desc' }, 'deadsort')
  return (
    <Loaded what="Dead letters" query={query}>
      {(letters) => (
        <DataTable
          label="Dead letters"
          rows={letters}
          columns={columns}
          rowKey={({ decisionId }) => decisionId}
          sort={sort}
          onSort={(next) => void setSort(next)}
          className="max-h-[68dvh]"
          empty={
            <EmptyState title="Everything could be delivered">
              What cannot be written or read back for a while stands here, until a person has it tried again
              or gives it up.
            </EmptyState>
          }
        />
      )}
    </Loaded>
  )
}
