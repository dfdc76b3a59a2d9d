'use client'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Input } from '../ui/field.tsx'
import { formatCount } from '../ui/format.ts'
import { Select } from '../ui/select.tsx'
import type { InboxDirection, InboxSort, InboxView, useInboxFilters } from './inbox-filters.ts'

const viewOptions: { value: InboxView; label: string }[] = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'snoozed', label: 'Snoozed' },
  { value: 'approved', label: 'Approved' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'lapsed', label: 'Expired or superseded' },
  { value: 'all', label: 'All' },
]

const sortOptions: { value: InboxSort; label: string }[] = [
  { value: 'waitingCost', label: 'by what waiting costs' },
  { value: 'actBy', label: 'by deadline' },
  { value: 'createdAt', label: 'newest first' },
  { value: 'costChangePerHourUsd', label: 'by cost' },
  { value: 'confidence', label: 'by confidence' },
]

const anyChange = 'any'
const changeOptions: { value: InboxDirection | typeof anyChange; label: string }[] = [
  { value: anyChange, label: 'Any change' },
  { value: 'up', label: 'Up' },
  { value: 'down', label: 'Down' },
  { value: 'move', label: 'Move' },
  { value: 'stop', label: 'Stop' },
]

type ListHeadProps = {
  filters: ReturnType<typeof useInboxFilters>[0]
  setFilters: ReturnType<typeof useInboxFilters>[1]
  fresh: number
  gone: number
  onShowFresh: () => void
}

/** The field that `/` leads to. */
export const searchId = 'inbox-search'

/** Which proposals, in which order, and the button behind which new ones wait. */
export function ListHead({ filters, setFilters, fresh, gone, onShowFresh }: ListHeadProps) {
  return (
    <div className="flex shrink-0 flex-col border-b">
      <div className="flex flex-wrap items-center gap-2 px-3 py-2">
        <Select
          label="Which proposals"
          value={filters.view}
          options={viewOptions}
          onChange={(view) => void setFilters({ view, proposal: null })}
        />
        <Select
          label="Order"
          value={filters.sort}
          options={sortOptions}
          onChange={(sort) => void setFilters({ sort })}
        />
        <Select
          label="Which changes"
          value={filters.change ?? anyChange}
          options={changeOptions}
          onChange={(change) => void setFilters({ change: change === anyChange ? null : change })}
        />
        <Search value={filters.q} onChange={(q) => void setFilters({ q: q || null })} />
      </div>
      {fresh + gone > 0 ? (
        <Button
          variant="quiet"
          className="h-8 w-full rounded-none border-t text-action"
          onClick={onShowFresh}
        >
          {[fresh > 0 ? `${fresh} new` : null, gone > 0 ? `${formatCount(gone, 'row')} no longer here` : null]
            .filter(Boolean)
            .join(', ')}
          : show
        </Button>
      ) : null}
    </div>
  )
}

/** Asks the server once the typing pauses. */
function Search({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text === value) return
    const timer = setTimeout(() => onChange(text), 250)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <Input
      id={searchId}
      type="search"
      aria-label="Search proposals"
      placeholder="Search"
      className="min-w-0 flex-1"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
