'use client'
import {
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useMemo, useRef } from 'react'
import { cn } from './class-names.ts'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns })

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the column is sorted by; without it the column cannot be sorted. */
  sortBy?: (row: Row) => string | number
  align?: 'left' | 'right'
  /** Class of every cell, to fix a width or to hide the column on a phone. */
  className?: string
}

export type Sort = { id: string; direction: 'asc' | 'desc' }

type DataTableProps<Row extends RowData> = {
  /** What the table holds, for assistive technology. */
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  sort: Sort | null
  onSort: (sort: Sort) => void
  /** True when the rows arrive in order already, as pages from the server do. */
  sorted?: boolean
  selectedKey?: string | null
  onRowClick?: (row: Row) => void
  /** Called when the end of the rows comes into view. */
  onEnd?: () => void
  empty: ReactNode
  className?: string
}

const rowHeight = 32

/** A table that sorts, keeps its head in view and draws only the rows in view: ten thousand do not stall it. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { rows, columns, rowKey, sort, onSort, label, selectedKey, onRowClick, onEnd } = props
  const scroller = useRef<HTMLElement>(null)
  const data = useMemo(() => [...rows], [rows])
  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: column.sortBy ?? (() => ''),
        enableSorting: column.sortBy !== undefined,
      })),
    [columns],
  )
  const table = useTable({
    features,
    data,
    columns: definitions,
    getRowId: (row: Row) => rowKey(row),
    state: { sorting: sort ? [{ id: sort.id, desc: sort.direction === 'desc' }] : [] },
    manualSorting: props.sorted ?? false,
  })
  const model = table.getRowModel().rows
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1)
      if (onEnd && last && last.index >= model.length - 5) onEnd()
    },
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)

  if (rows.length === 0) return <>{props.empty}</>
  return (
    <section
      ref={scroller}
      className={cn('relative overflow-auto', props.className)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table className="w-full border-separate border-spacing-0 text-sm" aria-rowcount={model.length + 1}>
        <thead className="sticky top-0 z-10 bg-canvas">
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <tr style={{ height: before }} /> : null}
          {items.map((item) => {
            const row = model[item.index]
            if (!row) return null
            return (
              <tr
                key={row.id}
                aria-rowindex={item.index + 2}
                aria-selected={selectedKey === undefined ? undefined : row.id === selectedKey}
                onClick={onRowClick ? () => onRowClick(row.original) : undefined}
                className={cn('h-8 hover:bg-hover aria-selected:bg-selected', onRowClick && 'cursor-pointer')}
              >
                {columns.map((column) => (
                  <td
                    key={column.id}
                    className={cn(
                      'h-8 whitespace-nowrap border-b px-3',
                      column.align === 'right' && 'num text-right',
                      column.className,
                    )}
                  >
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 ? <tr style={{ height: after }} /> : null}
        </tbody>
      </table>
    </section>
  )
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>
  sort: Sort | null
  onSort: (sort: Sort) => void
}) {
  const current = sort?.id === column.id ? sort.direction : null
  const Arrow = current === 'desc' ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={current === null ? undefined : current === 'asc' ? 'ascending' : 'descending'}
      className={cn(
        'eyebrow h-8 whitespace-nowrap border-b px-3 text-left',
        column.align === 'right' && 'text-right',
        column.className,
      )}
    >
      {column.sortBy ? (
        <button
          type="button"
          className={cn(
            'inline-flex h-8 items-center gap-1 hover:text-ink',
            column.align === 'right' && 'flex-row-reverse',
          )}
          onClick={() => onSort({ id: column.id, direction: current === 'asc' ? 'desc' : 'asc' })}
        >
          {column.header}
          <Arrow aria-hidden className={cn('size-3', current === null && 'invisible')} />
        </button>
      ) : (
        column.header
      )}
    </th>
  )
}
