import { z } from 'zod'
import type { LogStatus } from '../audit/contract.ts'
import type { DeliveryState } from '../dispatch/contract.ts'
import type {
  BudgetAlertView,
  DecisionKindName,
  DispatchStateName,
  GlassNotice,
  HeldRise,
  ProposalRow,
  ProposalStateName,
  SwitchView,
} from '../governance/contract.ts'
import type { ControllerStateView, PolicyInForce } from '../plan/contract.ts'
import type { Freshness, SignalPoint, WorkloadView } from '../telemetry/contract.ts'

/** Header with which a page says, by "1", that it asks by itself and no hand has touched it lately. */
export const passiveHeader = 'x-infrasage-passive'

/** What is coming for one workload; money in USD per hour, probability 0 to 1, demand in `unit`. */
export type OverviewWorkload = {
  workload: WorkloadView
  freshness: Freshness | null
  policy: PolicyInForce | null
  desiredReplicas: number | null
  readyReplicas: number | null
  /** The oldest reading that these rest on; null while a pool was never read. */
  readAt: string | null
  capacity: number | null
  costPerHourUsd: number | null
  unit: string
  recent: SignalPoint[]
  forecast: {
    id: string
    issuedAt: string
    peakAt: string
    /** The highest median ahead, and the highest 90 % quantile, which is at `peakAt`. */
    peakMedian: number
    peakUpper90: number
    /** That demand is above what is ready at the moment ahead at which that is likeliest; null while that is unknown. */
    passProbability: number | null
    points: { at: string; median: number; lower10: number; upper90: number }[]
  } | null
  waiting: { id: string; number: number; summary: string; actBy: string; surgeAt: string | null } | null
  /** What keeps a rise from being proposed, where the 90 % quantile passes what is ready and nothing waits. */
  heldBy: HeldRise[]
}

export type Overview = {
  at: string
  workloads: OverviewWorkload[]
  /** Waiting proposals, the most urgent first. */
  inbox: { count: number; top: ProposalRow[] }
  /** Of ready replicas at list prices, against the sum of the workloads' cost limits. */
  spend: { perHourUsd: number; limitPerHourUsd: number }
  /** Of budgets, this month; the newest first. */
  alerts: BudgetAlertView[]
}

/** State of the whole, for the bar on every page. */
export type Status = {
  at: string
  sandbox: boolean
  waiting: number
  telemetry: { workloads: number; stale: number; newestSampleAt: string | null }
  /** Pools whose control has gone back to the autoscaler in their shadow. */
  reactive: ControllerStateView[]
  log: LogStatus
  /** `lastSeenAt`: last sign of life of any worker. */
  dispatch: { alive: boolean; lastSeenAt: string | null }
  /** The one switch of all dispatch, and whose glass is broken now: both are on every page. */
  switch: SwitchView
  glass: { broken: GlassNotice[]; toReview: number }
  delivery: DeliveryState
}

export const markerWindow = z.object({
  workloadId: z.uuid(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
})
export type MarkerWindow = z.infer<typeof markerWindow>

/** A moment to mark on a workload's chart. `id`: of the proposal, or of the decision. */
export type Marker = {
  at: string
  id: string
  proposalId: string
  label: string
} & (
  | { kind: 'proposal'; state: ProposalStateName }
  | { kind: 'decision'; decision: DecisionKindName; dispatchState: DispatchStateName | null }
)
