import { type CapacitySnapshot, type PlanContent, paidOf, serves } from '../../plan/contract.ts'
import type { LatencyTerms, PastDemand, PoolTerms } from '../../plan/index.ts'
import type { LedgerGrounds } from '../contract/ledger.ts'

/** One pool of a plan as the ledger plays it. */
export type LedgerPool = {
  id: string
  desired: number
  ready: number
  /** Units per second that one replica serves within the objective, and when it is busy all the time. */
  capacityPerReplica: number
  saturatedPerReplica: number
  /** Whether it serves the workload's demand; a job and a request's size do not. */
  serves: boolean
  /** What one of its number costs as a share of a replica, and from which level on: 1 from 0, but for what pools govern. */
  share: number
  from: number
  leadTimeSeconds: number
  powerKw: number
  /** USD per replica-hour, and grams of CO₂ per kilowatt-hour, at an instant. */
  priceAt(ms: number): number
  carbonAt(ms: number): number
}

/** Everything that the courses of one decision have in common. */
export type LedgerScene = {
  stepSeconds: number
  /** Start of the first step of the span. */
  startMs: number
  steps: number
  /** Demand, with some history before the span, which begins at index `from`. */
  demand: PastDemand
  from: number
  pools: LedgerPool[]
  leadPoolId: string
  /** Whether the leading pool serves demand at all, so that shortfall and latency mean something. */
  served: boolean
  penaltyRatio: number
  latency: Omit<LatencyTerms, 'stepSeconds'>
  /** The leading pool as the reactive autoscaler has it. */
  reactiveTerms: PoolTerms & LatencyTerms
}

export type LedgerDemand = Pick<LedgerScene, 'stepSeconds' | 'startMs' | 'steps' | 'demand' | 'from'>

/** The scene of a plan as it was proposed. `measuredLeadSeconds`: how long its own order took, where that is known. */
export function sceneOf(
  content: PlanContent,
  workloadId: string,
  span: LedgerDemand,
  measuredLeadSeconds: number | null,
): LedgerScene {
  const { capacity, otherPools, policy, objectiveP99Ms } = content.evidence
  const poolOf = (snapshot: CapacitySnapshot): LedgerPool => ({
    id: snapshot.poolId,
    desired: snapshot.desiredReplicas,
    ready: snapshot.readyReplicas,
    capacityPerReplica: snapshot.capacityPerReplica,
    saturatedPerReplica: saturated(snapshot),
    serves: serves(snapshot) && (snapshot.workloadId ?? workloadId) === workloadId,
    ...paidOf(snapshot),
    leadTimeSeconds: leadOf(snapshot, measuredLeadSeconds).seconds,
    powerKw: snapshot.offering.powerKw,
    priceAt: hourly(snapshot.offering.priceProfileUsd, snapshot.offering.pricePerReplicaHourUsd),
    carbonAt: hourly(snapshot.domain.carbonProfileGPerKwh, snapshot.domain.carbonGPerKwh),
  })
  const queue = capacity.model?.kind === 'queue' ? capacity.model : null
  const latency = {
    capacityPerReplica: saturated(capacity),
    // As everywhere in the plan: half the objective is taken as service time until telemetry tells it.
    serviceTimeSeconds: queue?.serviceSeconds ?? objectiveP99Ms / 2_000,
    arrivalScv: queue?.variability ?? 1,
    serviceScv: queue?.variability ?? 1,
    sloP99Seconds: objectiveP99Ms / 1_000,
  }
  const price = capacity.offering.pricePerReplicaHourUsd
  return {
    ...span,
    pools: [capacity, ...(otherPools ?? [])].map(poolOf),
    leadPoolId: capacity.poolId,
    served: serves(capacity),
    penaltyRatio: policy.penaltyRatio,
    latency,
    reactiveTerms: {
      ...latency,
      capacityPerReplica: capacity.capacityPerReplica,
      stepSeconds: span.stepSeconds,
      minReplicas: policy.minReplicas,
      maxReplicas: Math.max(
        policy.minReplicas,
        Math.min(policy.maxReplicas, capacity.offering.quotaReplicas),
      ),
      pricePerReplicaHour: price,
      leadTimeSeconds: leadOf(capacity, measuredLeadSeconds).seconds,
      leadSeed: 1,
      approvalDelaySeconds: 0,
      removeDelaySeconds: 0,
      penaltyPerReplicaHourShort: price * policy.penaltyRatio,
      shortfallUtilisation: 1,
      startCost: 0,
      removeCost: 0,
    },
  }
}

/** What the figures of a plan rest on. */
export function groundsOf(
  content: PlanContent,
  measuredLeadSeconds: number | null,
): Pick<LedgerGrounds, 'leadTimeSeconds' | 'leadTimeIs' | 'latencyIs' | 'reactiveIs'> {
  const { capacity } = content.evidence
  const lead = leadOf(capacity, measuredLeadSeconds)
  return {
    leadTimeSeconds: lead.seconds,
    leadTimeIs: lead.is,
    latencyIs: capacity.model?.kind === 'queue' ? capacity.model.fit.source : 'assumed',
    reactiveIs: serves(capacity) && !stopsAJob(content) ? 'hpa' : 'hold',
  }
}

/** Nothing that reacts to load suspends or cancels a job, also where the workload's leading pool serves. */
function stopsAJob({ purpose, actions }: PlanContent): boolean {
  const stops = actions.every(({ kind }) => kind === 'suspend' || kind === 'cancel')
  return purpose === 'stop-harm' || (actions.length > 0 && stops)
}

function leadOf(
  { offering }: CapacitySnapshot,
  measured: number | null,
): { seconds: number; is: LedgerGrounds['leadTimeIs'] } {
  if (measured !== null) return { seconds: measured, is: 'measured' }
  const learned = (offering.lead?.observations ?? 0) > 0
  return { seconds: offering.leadTimeP50Seconds, is: learned ? 'learned' : 'declared' }
}

const saturated = ({ model, capacityPerReplica }: CapacitySnapshot): number =>
  Math.max(capacityPerReplica, model?.kind === 'queue' ? model.capacityPerReplica : 0)

function hourly(profile: number[] | undefined, flat: number): (ms: number) => number {
  return (ms) => profile?.[new Date(ms).getUTCHours()] ?? flat
}
