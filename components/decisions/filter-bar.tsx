'use client'
import { type DecisionKindName, decisionKinds } from '../../server/governance/contract.ts'
import { cn } from '../ui/class-names.ts'
import { Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import type { DecisionFilters, useDecisionFilters } from './decision-filters.ts'

const words: Record<DecisionKindName, string> = {
  approve: 'approved',
  override: 'overridden',
  reject: 'rejected',
  expire: 'expired',
  supersede: 'superseded',
  void: 'void',
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
  const toggle = (kind: DecisionKindName) => {
    const kinds = filters.kind.includes(kind)
      ? filters.kind.filter((each) => each !== kind)
      : [...filters.kind, kind]
    void setFilters({ kind: kinds.length ? kinds : null })
  }
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
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Kinds</legend>
        {decisionKinds.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={filters.kind.includes(kind)}
            onClick={() => toggle(kind)}
            className={cn(
              'h-7 rounded-md border border-line-strong px-2 text-muted text-xs hover:bg-hover pointer-coarse:h-9',
              'aria-pressed:bg-selected aria-pressed:font-medium aria-pressed:text-ink',
            )}
          >
            {words[kind]}
          </button>
        ))}
      </fieldset>
    </div>
  )
}
