'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { Acceptability } from '../../server/evaluation/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { DataTable } from '../ui/data-table.tsx'
import { PageHead, Section } from '../ui/facts.tsx'
import { formatNumber, formatPercent } from '../ui/format.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { EmptyState } from '../ui/states.tsx'
import { formatDuration } from '../ui/time.ts'
import { useSort } from '../ui/use-sort.ts'
import { MeasureFacts } from './measure-facts.tsx'
import { WeekBars } from './week-bars.tsx'
import { countText } from './words.ts'
import { workloadColumns } from './workload-columns.tsx'

const spans = ['4', '12', '26'] as const
const all = 'all'

/** How people get on with what is proposed to them; for the team, not for ranking anybody in it. */
export function AcceptabilityPage() {
  const trpc = useTRPC()
  const { environment } = useEnvironment()
  const [filters, setFilters] = useQueryStates({
    weeks: parseAsStringLiteral(spans).withDefault('12'),
    workload: parseAsString,
  })
  const workloads = useQuery(trpc.workload.list.queryOptions()).data ?? []
  const query = useQuery(
    trpc.evaluation.acceptability.queryOptions(
      {
        weeks: Number(filters.weeks),
        workloadId: workloads.find(({ name }) => name === filters.workload)?.id,
        environment: environment ?? undefined,
      },
      { placeholderData: keepPreviousData },
    ),
  )
  return (
    <div>
      <PageHead
        title="Acceptability"
        actions={
          <>
            <Select
              label="Workload"
              value={filters.workload ?? all}
              options={[
                { value: all, label: 'all workloads' },
                ...workloads.map(({ name, title }) => ({ value: name, label: title })),
              ]}
              onChange={(workload) => void setFilters({ workload: workload === all ? null : workload })}
            />
            <Segmented
              label="Weeks"
              value={filters.weeks}
              options={spans.map((value) => ({ value, label: `${value} weeks` }))}
              onChange={(weeks) => void setFilters({ weeks })}
            />
          </>
        }
      >
        <span>Whether what is proposed is worth people's time, as measured.</span>
      </PageHead>
      <div className="px-4 pb-6">
        <Loaded what="Acceptability" query={query} rows={10}>
          {(data) =>
            data.total.ended + data.total.falseAlarms.of === 0 ? (
              <EmptyState title="Nothing has been decided in this time" className="px-0">
                Once proposals are approved, changed, refused or expire, how that went stands here.
              </EmptyState>
            ) : (
              <Measured data={data} />
            )
          }
        </Loaded>
      </div>
    </div>
  )
}

function Measured({ data: { total, byWeek, byWorkload } }: { data: Acceptability }) {
  const [sort, setSort] = useSort({ id: 'ended', direction: 'desc' })
  const bars = (measure: (week: Acceptability['byWeek'][number]) => number | null, of: 'ended' | 'alarms') =>
    byWeek.map((week) => ({
      week: week.week,
      value: measure(week),
      note: of === 'ended' ? `${week.ended} ended` : `${countText(week.falseAlarms)} false`,
    }))
  return (
    <div className="flex flex-col gap-6">
      <MeasureFacts measures={total} />
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-2 xl:grid-cols-3">
        <WeekBars
          title="Time to decide"
          unit="median"
          bars={bars(({ timeToDecideSeconds }) => timeToDecideSeconds?.p50 ?? null, 'ended')}
          write={formatDuration}
        />
        <WeekBars
          title="Approved as proposed"
          unit="share of what ended"
          bars={bars(({ approved }) => approved.rate, 'ended')}
          highest={1}
          write={formatPercent}
        />
        <WeekBars
          title="Changed or refused"
          unit="share of what ended"
          bars={bars(
            ({ overridden, rejected }) =>
              overridden.rate === null ? null : overridden.rate + (rejected.rate ?? 0),
            'ended',
          )}
          highest={1}
          write={formatPercent}
        />
        <WeekBars
          title="Regretted"
          unit="share of what the ledger has closed"
          bars={bars(({ regretted }) => regretted.rate, 'ended')}
          highest={1}
          write={formatPercent}
        />
        <WeekBars
          title="False alarms"
          unit="surges that did not come"
          bars={bars(({ falseAlarms }) => (falseAlarms.of === 0 ? null : falseAlarms.count), 'alarms')}
          write={(value) => formatNumber(value)}
        />
        <WeekBars
          title="Numbers trusted"
          unit="of 5, as people say"
          bars={bars(({ pulse }) => pulse?.trust ?? null, 'ended')}
          highest={5}
          write={(value) => value.toFixed(1)}
        />
      </div>
      <Section title="By workload">
        <DataTable
          label="Acceptability by workload"
          rows={byWorkload}
          columns={workloadColumns}
          rowKey={({ workload }) => workload.id}
          sort={sort}
          onSort={(next) => void setSort(next)}
          empty={null}
          className="border-t"
        />
      </Section>
    </div>
  )
}
