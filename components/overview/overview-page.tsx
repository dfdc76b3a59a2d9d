'use client'
import { useQuery } from '@tanstack/react-query'
import type { Overview } from '../../server/api/contract.ts'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { useEnvironment } from '../frame/environment.ts'
import { BudgetAlerts } from '../policies/rules/budget-alerts.tsx'
import { Skeleton, SkeletonRows } from '../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../ui/states.tsx'
import { ComingList } from './coming-list.tsx'
import { DeliveryNotice } from './delivery-notice.tsx'
import { SmallMultiples } from './small-multiples.tsx'
import { Spend } from './spend.tsx'
import { WaitingList } from './waiting-list.tsx'

/** What is coming, what waits for me and until when, what it costs, and every workload at a glance. */
export function OverviewPage() {
  const trpc = useTRPC()
  const { environment } = useEnvironment()
  const query = useQuery(trpc.overview.get.queryOptions())
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      {query.data ? (
        <Loaded overview={narrow(query.data, environment)} />
      ) : query.error ? (
        <ErrorState
          what="The overview"
          error={{ message: errorMessageOf(query.error) }}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <OverviewSkeleton />
      )}
    </>
  )
}

function narrow(overview: Overview, environment: string | null): Overview {
  if (!environment) return overview
  const workloads = overview.workloads.filter((entry) => entry.workload.environment === environment)
  const top = overview.inbox.top.filter((row) => row.workload.environment === environment)
  return {
    ...overview,
    workloads,
    inbox: { count: workloads.filter((entry) => entry.waiting !== null).length, top },
    spend: {
      perHourUsd: workloads.reduce((sum, entry) => sum + (entry.costPerHourUsd ?? 0), 0),
      limitPerHourUsd: workloads.reduce((sum, entry) => sum + (entry.policy?.costLimitPerHourUsd ?? 0), 0),
    },
  }
}

function Loaded({ overview }: { overview: Overview }) {
  if (overview.workloads.length === 0) {
    return (
      <EmptyState title="No workload here yet">
        An admin declares a workload and points Prometheus or an OpenTelemetry collector at this server; its
        demand, its forecast and its proposals then appear here. If you chose an environment, choose another.
      </EmptyState>
    )
  }
  return (
    <div className="flex flex-col gap-6 px-4 py-3">
      <DeliveryNotice />
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        <ComingList workloads={overview.workloads} proposals={overview.inbox.top} />
        <WaitingList inbox={overview.inbox} />
      </div>
      <SmallMultiples workloads={overview.workloads} />
      <BudgetAlerts alerts={overview.alerts} />
      <Spend overview={overview} />
    </div>
  )
}

function OverviewSkeleton() {
  return (
    <div className="flex flex-col gap-6 px-4 py-3">
      <div className="grid gap-8 lg:grid-cols-2">
        <SkeletonRows rows={5} className="h-10" />
        <SkeletonRows rows={5} className="h-10" />
      </div>
      <div className="grid gap-x-8 gap-y-6 md:grid-cols-2 xl:grid-cols-4">
        {['a', 'b', 'c', 'd'].map((key) => (
          <Skeleton key={key} className="h-48" />
        ))}
      </div>
    </div>
  )
}
