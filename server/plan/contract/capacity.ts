import type { Control } from './action.ts'

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
  }
  offering: {
    id: string
    hardwareClass: string
    market: 'on_demand' | 'spot' | 'reserved' | 'owned'
    pricePerReplicaHourUsd: number
    powerKw: number
    leadTimeP50Seconds: number
    leadTimeP90Seconds: number
    quotaReplicas: number
  }
  capacityPerReplica: number
  desiredReplicas: number
  readyReplicas: number
  /** Changes whenever anyone changes what the target is asked to be; part of what an approval binds. */
  observedVersion: string
  observedAt: string
}
