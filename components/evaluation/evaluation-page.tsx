'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { LedgerSection } from '../ledger/ledger-section.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Report } from './report.tsx'
import { RunForm } from './run-form.tsx'
import { useChoices } from './use-choices.ts'

/** What each policy would have done over a past window of one's own telemetry, and what each decision was worth. */
export function EvaluationPage() {
  const trpc = useTRPC()
  const { environment } = useEnvironment()
  const [choices, setChoices] = useChoices()
  const options = useQuery(trpc.evaluation.choices.queryOptions())
  const offered = options.data?.filter(
    ({ workload }) => environment === null || workload.environment === environment,
  )
  const chosen = options.data?.find(({ workload }) => workload.name === choices.workload)
  const asked = chosen && choices.from && choices.to ? { chosen, from: choices.from, to: choices.to } : null
  const report = useQuery(
    trpc.evaluation.replay.queryOptions(
      {
        workloadId: asked?.chosen.workload.id ?? '',
        from: asked?.from.toISOString() ?? '',
        to: asked?.to.toISOString() ?? '',
      },
      // The past does not change, and a replay takes a while.
      {
        enabled: asked !== null,
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        trpc: { context: { slow: true } },
      },
    ),
  )
  return (
    <div className="flex flex-col pb-8">
      <PageHead title="Evaluation">
        <span className="text-xs">every policy over the same measured demand, lead times and prices</span>
      </PageHead>
      <Loaded what="The workloads" query={options} rows={1}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No workload here yet">
              Once a workload has a pool and some telemetry, any past window of it can be replayed here.
            </EmptyState>
          ) : (
            <RunForm
              choices={offered ?? all}
              shown={choices}
              running={report.isFetching}
              onRun={(request) => void setChoices(request)}
            />
          )
        }
      </Loaded>
      {asked === null ? (
        <EmptyState title="Nothing replayed yet">
          Choose a workload and a past window, then replay: each policy runs over the demand that was
          measured, seeing at each step only what had been measured by then.
        </EmptyState>
      ) : (
        <Loaded
          what="The replay"
          query={report}
          rows={8}
          key={`${choices.workload}${asked.from.toISOString()}${asked.to.toISOString()}`}
        >
          {(data) => (
            <Report
              report={data}
              one={choices.one}
              other={choices.other}
              onChoose={(next) => void setChoices(next)}
            />
          )}
        </Loaded>
      )}
      {asked !== null && report.isFetching ? <Skeleton className="mx-4 h-64" /> : null}
      <LedgerSection />
    </div>
  )
}
