import type { Control } from './action.ts'
import type { LearnedTime } from './learned.ts'
import type { CapacityModel } from './models.ts'
import type { OfferingKind } from './places.ts'

/** Whether a pool of this control serves demand: replicas, nodes and warm instances do, a job's run and a size do not. */
export function serves({ control = 'replicas' }: { control?: Control }): boolean {
  return control !== 'run' && control !== 'size'
}

/** One pool as last observed, with the place and price it stands in. */
export type CapacitySnapshot = {
  poolId: string
  /** Whose it is, and what its target's number stands for; absent in what was kept before there were several kinds. */
  workloadId?: string
  control?: Control
  targetId: string
  targetName: string
  adapter: 'sandbox' | 'kubernetes'
  domain: {
    id: string
    name: string
    title: string
    kind: 'on_premise' | 'cloud' | 'edge'
    region: string
    jurisdiction: string
    securityTier: number
    carbonGPerKwh: number
    /** 24 values by the hour, UTC, or none; absent in what was kept before there were profiles. */
    carbonProfileGPerKwh?: number[]
    userLatencyMs?: Record<string, number>
  }
  offering: {
    id: string
    hardwareClass: string
    market: 'on_demand' | 'spot' | 'reserved' | 'owned'
    pricePerReplicaHourUsd: number
    powerKw: number
    /** 24 values by the hour, UTC, or none. */
    priceProfileUsd?: number[]
    kind?: OfferingKind
    interruptionRatePerHour?: number
    pricePerMillionRequestsUsd?: number | null
    coldStartSeconds?: number | null
    concurrencyPerInstance?: number | null
    /** As learned from past dispatches, where there were any; `lead` has what was declared. */
    leadTimeP50Seconds: number
    leadTimeP90Seconds: number
    quotaReplicas: number
    lead?: LearnedTime
  }
  capacityPerReplica: number
  /** How one replica serves, fitted or declared; absent: half the objective is taken as service time. */
  model?: CapacityModel
  desiredReplicas: number
  readyReplicas: number
  /** Changes whenever anyone changes what the target is asked to be; part of what an approval binds. */
  observedVersion: string
  observedAt: string
}
