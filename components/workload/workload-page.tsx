'use client'
import { useQuery } from '@tanstack/react-query'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Badge } from '../ui/badge.tsx'
import { useCoarseNow } from '../ui/clock.tsx'
import { PageHead } from '../ui/facts.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { Bounds } from './bounds.tsx'
import { DemandChart } from './demand-chart.tsx'
import { ForecastFacts } from './forecast-facts.tsx'
import { OpenProposal, RecentDecisions } from './records.tsx'
import { SignalChart } from './signal-chart.tsx'
import { saidChoices, saidSeconds, useChartChoices, windowSeconds, windows } from './use-window.ts'

const windowOptions = windows.map((value) => ({ value, label: value }))
const saidOptions = saidChoices.map((value) => ({
  value,
  label: value === 'off' ? 'newest forecast' : `with what was said ${value} ago`,
}))

/** One workload: what it does, what it is about to do, what stands ready, and under which bounds. */
export function WorkloadPage({ name }: { name: string }) {
  const trpc = useTRPC()
  const query = useQuery(trpc.workload.get.queryOptions({ name }))
  if (query.data) return <Loaded workload={query.data} />
  if (query.error) {
    return (
      <ErrorState
        what={`The workload ${name}`}
        error={{ message: errorMessageOf(query.error) }}
        onRetry={() => void query.refetch()}
      />
    )
  }
  return (
    <div role="status" aria-label="Loading the workload" className="flex flex-col gap-4 px-4 py-3">
      <h1 className="font-semibold text-lg">{name}</h1>
      <Skeleton className="h-[340px]" />
      <Skeleton className="h-40" />
    </div>
  )
}

/** Everything that the page reads besides the charts' own signals. */
function useRecords(workload: WorkloadView) {
  const trpc = useTRPC()
  const workloadId = workload.id
  const forecast = useQuery(trpc.workload.forecast.queryOptions({ workloadId })).data
  const waiting = useQuery(trpc.proposal.list.queryOptions({ workloadId, state: ['waiting'], limit: 1 })).data
  const row = waiting?.rows[0] ?? null
  const open = useQuery(
    trpc.proposal.get.queryOptions({ id: row?.id ?? workloadId }, { enabled: row !== null }),
  ).data
  const decisions = useQuery(trpc.decision.list.queryOptions({ workloadId, limit: 6 })).data
  const policy = useQuery(trpc.policy.get.queryOptions({ workloadId })).data
  const targets = useQuery(trpc.target.list.queryOptions()).data
  const pool = targets?.find((target) => target.pool?.workload.id === workloadId)?.pool
  return {
    forecast,
    row,
    open: row && open ? open.content : null,
    decisions: decisions?.rows,
    policy,
    capacityPerReplica: pool?.capacityPerReplica ?? null,
    ordered: pool && (pool.desiredReplicas ?? 0) > (pool.readyReplicas ?? 0) ? pool.desiredReplicas : null,
  }
}

function Loaded({ workload }: { workload: WorkloadView }) {
  const [{ window, said }, setChoices] = useChartChoices()
  const now = useCoarseNow(30)
  const records = useRecords(workload)
  const { forecast, policy } = records
  const seconds = windowSeconds[window]
  const lastLead = forecast?.snapshot.leads.at(-1)
  const ahead = lastLead ? Date.parse(lastLead.at) - now : seconds * 250
  const span = {
    from: now - seconds * 1_000,
    to: now + Math.max(60_000, Math.min(ahead, seconds * 1_000)),
    now,
  }
  const saidAt = said === 'off' ? null : now - saidSeconds[said] * 1_000
  const utilisation = workload.kind === 'batch' ? 'cpu_utilization_ratio' : 'gpu_utilization_ratio'
  return (
    <div className="flex flex-col pb-6">
      <PageHead
        title={workload.title}
        actions={
          <>
            <Select
              label="Past forecast"
              value={said}
              options={saidOptions}
              onChange={(next) => void setChoices({ said: next })}
              className="h-7 pointer-coarse:h-9"
            />
            <Segmented
              label="Window"
              value={window}
              options={windowOptions}
              onChange={(next) => void setChoices({ window: next })}
            />
          </>
        }
      >
        <Badge>{workload.kind}</Badge>
        <Badge>{workload.environment}</Badge>
        <span className="text-xs">
          {workload.name}, team {workload.team}, {workload.dataClassification} data, security tier{' '}
          {workload.requiredSecurityTier} or higher
        </span>
      </PageHead>
      <div className="flex flex-col gap-5 px-4">
        {records.row ? <OpenProposal row={records.row} /> : null}
        <DemandChart
          workload={workload}
          span={span}
          forecast={forecast}
          saidAt={saidAt}
          capacityPerReplica={records.capacityPerReplica}
          ordered={records.ordered}
          open={records.open}
        />
        <div className="grid gap-x-8 gap-y-4 md:grid-cols-2 xl:grid-cols-3">
          <SignalChart
            workload={workload}
            signal="latency_p99_ms"
            span={span}
            limit={{ value: workload.objectiveP99Ms, label: 'objective' }}
          />
          <SignalChart workload={workload} signal={utilisation} span={span} />
          <SignalChart
            workload={workload}
            signal="cost_per_hour_usd"
            span={span}
            limit={policy ? { value: policy.costLimitPerHourUsd, label: 'limit' } : undefined}
          />
        </div>
        <div className="grid gap-x-8 gap-y-5 md:grid-cols-2 xl:grid-cols-3">
          {forecast ? <ForecastFacts snapshot={forecast.snapshot} /> : null}
          {policy ? <Bounds policy={policy} /> : null}
          {records.decisions ? <RecentDecisions rows={records.decisions} /> : null}
        </div>
      </div>
    </div>
  )
}
