'use client'
import { parseAsString, useQueryState } from 'nuqs'
import type { UserView } from '../../server/auth/contract.ts'
import { Badge } from '../ui/badge.tsx'
import { Moment, RelativeTime } from '../ui/clock.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Input } from '../ui/field.tsx'
import { EmptyState } from '../ui/states.tsx'
import { formatDay } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'

/** Everybody with an account. `onOpen` absent: whoever looks may not change anybody. */
export function PeopleTable({
  rows,
  selected,
  onOpen,
}: {
  rows: readonly UserView[]
  selected: string | null
  onOpen?: (id: string) => void
}) {
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''))
  const [sort, setSort] = useSort({ id: 'name', direction: 'asc' })
  const text = search.trim().toLowerCase()
  const found = rows.filter(({ name, email, roles, groups }) =>
    `${name} ${email} ${roles.join(' ')} ${groups.join(' ')}`.toLowerCase().includes(text),
  )
  const columns: Column<UserView>[] = [
    {
      id: 'name',
      header: 'name',
      sortBy: ({ name }) => name,
      cell: ({ id, name }) =>
        onOpen ? (
          <button type="button" className="font-medium hover:underline" onClick={() => onOpen(id)}>
            {name}
          </button>
        ) : (
          <span className="font-medium">{name}</span>
        ),
    },
    {
      id: 'roles',
      header: 'roles',
      sortBy: ({ roles }) => roles.join(' '),
      cell: ({ roles }) => (
        <span className="flex gap-1">
          {roles.length ? (
            roles.map((role) => <Badge key={role}>{role}</Badge>)
          ) : (
            <Badge tone="wait">none</Badge>
          )}
        </span>
      ),
    },
    {
      id: 'groups',
      header: 'groups',
      sortBy: ({ groups }) => groups.join(' '),
      cell: ({ groups }) => groups.join(', ') || <span className="text-muted">none</span>,
    },
    {
      id: 'state',
      header: 'state',
      sortBy: ({ active }) => (active ? 0 : 1),
      cell: ({ active }) => (active ? 'active' : <Badge tone="breach">shut out</Badge>),
    },
    {
      id: 'factor',
      header: 'second factor',
      sortBy: ({ secondFactor }) => (secondFactor ? 0 : 1),
      cell: ({ secondFactor }) =>
        secondFactor ? <Badge tone="verified">on</Badge> : <span className="text-muted">off</span>,
    },
    { id: 'email', header: 'e-mail', sortBy: ({ email }) => email, cell: ({ email }) => email },
    {
      id: 'seen',
      header: 'last sign-in',
      sortBy: ({ lastSignInAt }) => lastSignInAt ?? '',
      cell: ({ lastSignInAt }) =>
        lastSignInAt ? <RelativeTime at={lastSignInAt} /> : <span className="text-muted">never</span>,
    },
    {
      id: 'created',
      header: 'added',
      sortBy: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <Moment at={createdAt} format={formatDay} />,
    },
  ]
  return (
    <div className="flex flex-col gap-2">
      <Input
        type="search"
        aria-label="Search people"
        placeholder="Search name, e-mail, role or group"
        className="max-w-72"
        value={search}
        onChange={(event) => void setSearch(event.target.value || null)}
      />
      <DataTable
        label="People"
        rows={found}
        columns={columns}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={(next) => void setSort(next)}
        selectedKey={selected}
        onRowClick={onOpen ? ({ id }) => onOpen(id) : undefined}
        className="max-h-[70dvh]"
        empty={
          <EmptyState title="Nobody matches">
            Search for another name, e-mail address, role or group.
          </EmptyState>
        }
      />
    </div>
  )
}
