'use client'
import type { GroupView } from '../../server/auth/contract.ts'
import { Moment } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { formatCount } from '../ui/format.ts'
import { EmptyState } from '../ui/states.tsx'
import { formatDay } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'

/** Every group. `onOpen` absent: whoever looks may not change any. */
export function GroupsTable({
  rows,
  selected,
  onOpen,
}: {
  rows: readonly GroupView[]
  selected: string | null
  onOpen?: (id: string) => void
}) {
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' }, 'groupsort')
  const columns: Column<GroupView>[] = [
    {
      id: 'title',
      header: 'group',
      sortBy: ({ title }) => title,
      cell: ({ id, title }) =>
        onOpen ? (
          <button type="button" className="font-medium hover:underline" onClick={() => onOpen(id)}>
            {title}
          </button>
        ) : (
          <span className="font-medium">{title}</span>
        ),
    },
    {
      id: 'name',
      header: 'name in rules',
      sortBy: ({ name }) => name,
      cell: ({ name }) => <span className="num">{name}</span>,
    },
    {
      id: 'members',
      header: 'members',
      sortBy: ({ members }) => members.length,
      cell: ({ members }) =>
        members.length
          ? `${formatCount(members.length, 'person', 'people')}: ${members.map(({ name }) => name).join(', ')}`
          : 'nobody yet',
    },
    {
      id: 'created',
      header: 'added',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} format={formatDay} />,
    },
  ]
  return (
    <DataTable
      label="Groups"
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={(next) => void setSort(next)}
      selectedKey={selected}
      onRowClick={onOpen ? ({ id }) => onOpen(id) : undefined}
      className="max-h-[70dvh]"
      empty={
        <EmptyState title="No groups yet">
          A group is a team of people. Rules of approval can ask for somebody of a group, or for people of two
          different ones.
        </EmptyState>
      }
    />
  )
}
