'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { InboxRow, rowHeightOf } from './inbox-row.tsx'
import type { Selection } from './use-selection.ts'

/** The rows, drawn only where they are in view. The cursor is kept in view; nothing else scrolls by itself. */
export function InboxList({
  rows,
  gone,
  selected,
  hrefOf,
  selection,
  onOpen,
  onEnd,
}: {
  rows: readonly ProposalRow[]
  gone: ReadonlySet<string>
  selected: string | null
  hrefOf: (id: string) => string
  /** Absent where nothing can be decided. */
  selection: Selection | null
  onOpen: (id: string) => void
  onEnd: () => void
}) {
  const scroller = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index] ? rowHeightOf(rows[index]) : 56),
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const nearEnd = rows.length > 0 && last >= rows.length - 10
  useEffect(() => {
    if (nearEnd) onEnd()
  }, [nearEnd, onEnd])
  const cursor = rows.findIndex((row) => row.id === selected)
  useEffect(() => {
    if (cursor >= 0) virtual.scrollToIndex(cursor, { align: 'auto' })
    // A row that was clicked keeps the focus, and Enter would open it again instead of the one under the cursor.
    const row = document.activeElement?.closest('li')
    if (row && scroller.current?.contains(row)) scroller.current.focus({ preventScroll: true })
  }, [cursor, virtual])

  return (
    <section
      ref={scroller}
      aria-label="Proposals"
      className="min-h-0 flex-1 overflow-y-auto"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <li
              key={item.key}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <InboxRow
                row={row}
                href={hrefOf(row.id)}
                selected={row.id === selected}
                gone={gone.has(row.id)}
                checked={selection?.ids.has(row.id) ?? false}
                onCheck={selection && row.state === 'waiting' ? () => selection.toggle(row) : undefined}
                onOpen={() => onOpen(row.id)}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}
