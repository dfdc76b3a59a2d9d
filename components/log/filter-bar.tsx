'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { stages } from '../../server/audit/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { Input } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { isNarrowed, type LogFilters, noFilters, type SetLogFilters, spans } from './log-filters.ts'
import { SavedViews } from './saved-views.tsx'

const anyStage = 'any stage'
const anyWorkload = 'any workload'

/** Search and everything that narrows the log; each field says what it takes. */
export function FilterBar({ filters, setFilters }: { filters: LogFilters; setFilters: SetLogFilters }) {
  const trpc = useTRPC()
  const [more, setMore] = useState(false)
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const set = (change: Parameters<SetLogFilters>[0]) => void setFilters(change)
  return (
    <search
      aria-label="Search the log"
      className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 pb-2"
    >
      <Input
        type="search"
        aria-label="Words of the text"
        placeholder="Words: reason, name, id, number"
        className="w-full sm:w-64"
        value={filters.q}
        onChange={(event) => set({ q: event.target.value || null })}
      />
      <Select
        label="Stage"
        value={filters.stage ?? anyStage}
        options={[anyStage, ...stages].map((value) => ({ value, label: value }))}
        onChange={(value) => set({ stage: stages.find((stage) => stage === value) ?? null })}
      />
      <Select
        label="Workload"
        className="max-w-48"
        value={filters.workload ?? anyWorkload}
        options={[
          { value: anyWorkload, label: anyWorkload },
          ...workloads.map(({ id, title }) => ({ value: id, label: title })),
        ]}
        onChange={(value) => set({ workload: value === anyWorkload ? null : value })}
      />
      <Button
        variant="quiet"
        className="sm:hidden"
        aria-expanded={more}
        onClick={() => setMore((shown) => !shown)}
      >
        {more ? 'Fewer filters' : 'More filters'}
      </Button>
      <div className={more ? 'contents' : 'hidden sm:contents'}>
        {(['action', 'actor', 'subject'] as const).map((field) => (
          <Input
            key={field}
            aria-label={labels[field].label}
            placeholder={labels[field].placeholder}
            className="w-full sm:w-40"
            value={filters[field]}
            onChange={(event) => set({ [field]: event.target.value || null })}
          />
        ))}
        <Input
          type="number"
          min={1}
          aria-label="Up to entry"
          placeholder="up to entry"
          className="w-28"
          value={filters.upTo ?? ''}
          onChange={(event) =>
            set({ upTo: event.target.valueAsNumber > 0 ? event.target.valueAsNumber : null })
          }
        />
      </div>
      <Segmented label="Within" value={filters.days} options={spans} onChange={(days) => set({ days })} />
      {isNarrowed(filters) ? (
        <Button variant="quiet" onClick={() => set(noFilters)}>
          Show all
        </Button>
      ) : null}
      <SavedViews setFilters={setFilters} canSave={isNarrowed(filters)} />
    </search>
  )
}

const labels = {
  action: { label: 'Action, as proposal.approve', placeholder: 'action' },
  actor: { label: 'Who acted: an address, or a part of the system', placeholder: 'who: address' },
  subject: { label: 'Subject, as proposal or proposal/id', placeholder: 'subject' },
} as const
