'use client'
import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { ControlNotice } from '../control/control-section.tsx'
import { HeldNotice } from '../plan/held-rise.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { useCoarseNow } from '../ui/clock.tsx'
import { PageHead } from '../ui/facts.tsx'
import { useKeys } from '../ui/keys.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { DemandChart } from './demand-chart.tsx'
import { ForecastState } from './forecast-state.tsx'
import { LookBack } from './look-back.tsx'
import { NoPool } from './no-pool.tsx'
import { OpenProposal } from './records.tsx'
import { ReviewWords } from './review-words.tsx'
import { SignalChart } from './signal-chart.tsx'
import { useRecords } from './use-records.ts'
import { useReview } from './use-review.ts'
import { spanOf, useChartChoices, windowSeconds, windows } from './use-window.ts'
import { WorkloadTabs } from './workload-tabs.tsx'

const windowOptions = windows.map((value) => ({ value, label: value }))

/** One workload: what it does, what it is about to do, what stands ready, and what its forecast rests on. */
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

function Loaded({ workload }: { workload: WorkloadView }) {
  const [choices, setChoices] = useChartChoices()
  const now = useCoarseNow(30)
  const records = useRecords(workload)
  const { forecast, policy } = records
  const at = choices.at && choices.at.getTime() < now ? choices.at.getTime() : null
  const past = useReview(workload.id, at)
  const shown = at === null ? forecast : past.review
  const seconds = windowSeconds[choices.window]
  const lastLead = forecast?.snapshot.leads.at(-1)
  const span = spanOf(now, seconds, lastLead ? Date.parse(lastLead.at) : null, at)
  const horizonSeconds = (forecast?.snapshot.leads.length ?? 60) * workload.stepSeconds
  const lookAt = (moment: number | null) =>
    void setChoices({ at: moment === null ? null : new Date(Math.round(moment / 60_000) * 60_000) })
  const lookBack = () => lookAt(now - Math.min(horizonSeconds, seconds / 2) * 1_000)
  useKeys(at === null ? { b: lookBack } : {})
  const utilisation = workload.kind === 'batch' ? 'cpu_utilization_ratio' : 'gpu_utilization_ratio'
  return (
    <div className="flex flex-col pb-6">
      <PageHead
        title={workload.title}
        actions={
          <>
            {at === null ? (
              <Button size="sm" shortcut="B" onClick={lookBack}>
                <History aria-hidden />
                Look back
              </Button>
            ) : null}
            <Segmented
              label="Window"
              value={choices.window}
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
        <ControlNotice workload={workload} />
        {records.row ? <OpenProposal row={records.row} /> : null}
        {records.heldBy.length > 0 ? <HeldNotice held={records.heldBy} /> : null}
        {records.hasNoPool ? <NoPool /> : null}
        <div className="flex flex-col gap-2">
          {at === null ? null : (
            <LookBack
              at={at}
              now={now}
              stepSeconds={workload.stepSeconds}
              strideSeconds={horizonSeconds}
              onChange={lookAt}
            >
              {past.review ? (
                <ReviewWords review={past.review} />
              ) : past.failure ? (
                <p role="alert" className="text-breach">
                  {past.failure}
                </p>
              ) : (
                <p className="text-muted">
                  {past.review === null
                    ? 'No forecast had been issued by then, or it is no longer kept.'
                    : '…'}
                </p>
              )}
            </LookBack>
          )}
          <DemandChart
            workload={workload}
            span={span}
            forecast={forecast}
            past={at === null ? null : past}
            events={records.events.data ?? []}
            capacityPerReplica={records.capacityPerReplica}
            ordered={records.ordered}
            open={records.open}
            onPick={lookAt}
            onDrift={() => void setChoices({ tab: 'trust' })}
          />
          {shown ? (
            <ForecastState snapshot={shown.snapshot} onOpen={() => void setChoices({ tab: 'trust' })} />
          ) : null}
        </div>
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
        <WorkloadTabs
          workload={workload}
          records={records}
          shown={shown}
          tab={choices.tab}
          onTab={(tab) => void setChoices({ tab })}
          onLook={lookAt}
        />
      </div>
    </div>
  )
}
