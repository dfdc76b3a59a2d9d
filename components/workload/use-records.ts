'use client'
import { useQuery } from '@tanstack/react-query'
import type { TargetView } from '../../server/dispatch/contract.ts'
import type { ForecastSnapshot } from '../../server/forecast/contract.ts'
import { serves } from '../../server/plan/contract.ts'
import type { WorkloadView } from '../../server/telemetry/contract.ts'
import { useTRPC } from '../api/provider.tsx'
import { quantileAt } from '../charts/fan.ts'
import { usualDecisions } from '../decisions/decision-filters.ts'

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
  const decisions = useQuery(
    trpc.decision.list.queryOptions({ workloadId, ...usualDecisions, limit: 6 }),
  ).data
  const policy = useQuery(trpc.policy.get.queryOptions({ workloadId })).data
  const events = useQuery(trpc.event.list.queryOptions({ workloadId }))
  const targets = useQuery(trpc.target.list.queryOptions()).data
  const pools = targets?.flatMap(({ pool }) => (pool?.workload.id === workloadId && serves(pool) ? pool : []))
  const leading = pools?.find((pool) => pool.leading)
  const ready = total(pools, ({ readyReplicas }) => readyReplicas)
  const short =
    waiting !== undefined &&
    row === null &&
    newest.data != null &&
    pools !== undefined &&
    peakUpper90(newest.data.snapshot) > total(pools, readyCapacity)
  const heldBy = useQuery(
    trpc.proposal.heldRise.queryOptions({ workloadId }, { enabled: short, refetchInterval: 60_000 }),
  ).data
  const asked = total(pools, ({ desiredReplicas }) => desiredReplicas)
  return {
    forecast: newest.data,
    forecastQuery: newest,
    row,
    open: row && open ? open.content : null,
    decisions: decisions?.rows,
    policy,
    events,
    heldBy: short ? (heldBy ?? []) : [],
    hasNoPool: pools?.length === 0,
    capacityPerReplica: leading?.capacityPerReplica ?? null,
    ordered: asked > ready ? asked : null,
  }
}

type Pool = NonNullable<TargetView['pool']>

const readyCapacity = ({ readyReplicas, capacityPerReplica }: Pool) =>
  readyReplicas === null ? null : readyReplicas * capacityPerReplica

function peakUpper90({ levels, leads }: ForecastSnapshot): number {
  return Math.max(...leads.map(({ values }) => quantileAt(levels, values, 0.9)))
}

function total(pools: Pool[] | undefined, of: (pool: Pool) => number | null): number {
  return (pools ?? []).reduce((sum, pool) => sum + (of(pool) ?? 0), 0)
}

export type Records = ReturnType<typeof useRecords>
