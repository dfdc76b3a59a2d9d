'use client'
import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useTRPC } from '../api/provider.tsx'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { useCoarseNow } from '../ui/clock.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { EntriesView } from './entries-view.tsx'
import { EntrySheet } from './entry-sheet.tsx'
import { exportAddress, logQueryOf, useLogFilters } from './log-filters.ts'
import { ProofView } from './proof-view.tsx'
import { LogState } from './state.tsx'

const hour = 3_600

/** The log: searched and filtered in the URL, read on as one scrolls; and how far it is proven. */
export function LogPage() {
  const trpc = useTRPC()
  const [filters, setFilters] = useLogFilters()
  const mayExport = useMay('audit.export')
  const query = logQueryOf(filters, useCoarseNow(hour))
  const status = useQuery(trpc.audit.status.queryOptions(undefined, { refetchInterval: 5_000 })).data
  const take = (address: string) => () => window.location.assign(address)
  const beforeSeq = filters.upTo === null ? undefined : filters.upTo + 1
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title="Log"
        actions={
          <>
            <Segmented
              label="What of the log"
              value={filters.view}
              options={[
                { value: 'entries', label: 'Entries' },
                { value: 'proof', label: 'Proof' },
              ]}
              onChange={(view) => void setFilters({ view })}
            />
            {mayExport ? (
              <Menu
                trigger={
                  <Button>
                    <Download aria-hidden />
                    Take out
                  </Button>
                }
              >
                <MenuItem onSelect={take(exportAddress({ ...query, beforeSeq }, 'csv'))}>
                  These entries as CSV
                </MenuItem>
                <MenuItem onSelect={take(exportAddress({ ...query, beforeSeq }, 'jsonl'))}>
                  These entries as JSON lines
                </MenuItem>
                <MenuItem onSelect={take('/api/v1/audit/export')}>The whole log, to be verified</MenuItem>
              </Menu>
            ) : null}
          </>
        }
      >
        {status ? <LogState status={status} /> : null}
      </PageHead>
      {filters.view === 'proof' ? (
        <ProofView status={status} />
      ) : (
        <EntriesView filters={filters} setFilters={setFilters} query={query} beforeSeq={beforeSeq} />
      )}
      {filters.entry === null ? null : (
        <EntrySheet seq={filters.entry} onClose={() => void setFilters({ entry: null })} />
      )}
    </div>
  )
}
