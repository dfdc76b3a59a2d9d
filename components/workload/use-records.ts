'use client'
import { useQuery } from '@tanstack/react-query'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'

/** Everything that the workload's page reads besides the charts' own signals. */
export function useRecords(workload: WorkloadView) {
  const trpc = useTRPC()
  const workloadId = workload.id
  const newest = useQuery(trpc.workload.forecast.queryOptions({ workloadId }))
  const waiting = useQuery(trpc.proposal.list.queryOptions({ workloadId, state: ['waiting'], limit: 1 })).data
  const row = waiting?.rows[0] ?? null
  const open = useQuery(
    trpc.proposal.get.queryOptions({ id: row?.id ?? workloadId }, { enabled: row !== null }),
  ).data
  const decisions = useQuery(trpc.decision.list.queryOptions({ workloadId, limit: 6 })).data
  const policy = useQuery(trpc.policy.get.queryOptions({ workloadId })).data
  const events = useQuery(trpc.event.list.queryOptions({ workloadId }))
  const targets = useQuery(trpc.target.list.queryOptions()).data
  const pool = targets?.find((target) => target.pool?.workload.id === workloadId)?.pool
  return {
    forecast: newest.data,
    forecastQuery: newest,
    row,
    open: row && open ? open.content : null,
    decisions: decisions?.rows,
    policy,
    events,
    hasNoPool: targets !== undefined && pool === undefined,
    capacityPerReplica: pool?.capacityPerReplica ?? null,
    ordered: pool && (pool.desiredReplicas ?? 0) > (pool.readyReplicas ?? 0) ? pool.desiredReplicas : null,
  }
}

export type Records = ReturnType<typeof useRecords>
