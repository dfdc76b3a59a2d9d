'use client'
import { type DecisionKindName, decisionKinds } from '../../server/governance/contract.ts'
import { Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { ToggleChips } from '../ui/toggle-chips.tsx'
import type { DecisionFilters, useDecisionFilters } from './decision-filters.ts'

const words: Record<DecisionKindName, string> = {
  approve: 'approved',
  override: 'overridden',
  reject: 'rejected',
  expire: 'expired',
  supersede: 'superseded',
  void: 'void',
  endorse: 'one yes',
  counter: 'countered',
  undo: 'undone',
  hold: 'overdue',
}

const spans = [
  { value: '1', label: '24 h' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: 'all', label: 'all' },
] as const

/** Search, kinds and span of the log. */
export function FilterBar({
  filters,
  setFilters,
}: {
  filters: DecisionFilters
  setFilters: ReturnType<typeof useDecisionFilters>[1]
}) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 pb-2">
      <Input
        type="search"
        aria-label="Search decisions"
        placeholder="Search workload, person, reason, #"
        className="w-full sm:w-64"
        value={filters.q}
        onChange={(event) => void setFilters({ q: event.target.value || null })}
      />
      <Segmented
        label="Decided within"
        value={filters.days}
        options={spans}
        onChange={(days) => void setFilters({ days })}
      />
      <ToggleChips
        legend="Kinds"
        options={decisionKinds.map((value) => ({ value, label: words[value] }))}
        chosen={filters.kind}
        onChange={(kind) => void setFilters({ kind: kind.length ? kind : null })}
      />
    </div>
  )
}
