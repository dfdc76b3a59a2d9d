import type { Control } from './action.ts'
import type { LearnedTime } from './learned.ts'
import type { CapacityModel } from './models.ts'
import type { OfferingKind } from './places.ts'

/**
 * Whether a pool serves demand: replicas and warm instances do, nodes where no replicas of another pool run on them; a job's
 * run and a size do not.
 */
export function serves({
  control = 'replicas',
  governsPoolId,
}: {
  control?: Control
  governsPoolId?: string | null
}): boolean {
  return control !== 'run' && control !== 'size' && (control !== 'nodes' || !governsPoolId)
}

/** The nodes that a pool's replicas run on: ordered before them, and paid instead of them. */
export type HeldBy = {
  poolId: string
  replicasPerNode: number
  leadTimeP50Seconds: number
  leadTimeP90Seconds: number
  pricePerNodeHourUsd: number
}

/**
 * What a pool's level costs: `share` of the offering's price, and of its power, for each step above `from`. Replicas on nodes are paid
 * with the nodes. A size costs what it changes of the replicas that it cuts, from the size that they stand at.
 */
export type Paid = { share: number; from: number }

/** As told, or what was counted before pools governed each other. */
export function paidOf({ control, paid }: Pick<CapacitySnapshot, 'control' | 'paid'>): Paid {
  return paid ?? { share: control === 'size' ? 0.01 : 1, from: 0 }
}

/** How many steps of the offering's price a level costs. */
export function paidSteps(pool: Pick<CapacitySnapshot, 'control' | 'paid'>, level: number): number {
  const { share, from } = paidOf(pool)
  return share * (level - from)
}

/** USD per hour, as listed, of one replica more: of one on nodes, its part of a node. */
export function listedPriceUsd({ control, paid, heldBy, offering }: CapacitySnapshot): number {
  if (heldBy) return heldBy.pricePerNodeHourUsd / heldBy.replicasPerNode
  return offering.pricePerReplicaHourUsd * paidOf({ control, paid }).share
}

/** One pool as last observed, with the place and price it stands in. */
export type CapacitySnapshot = {
  poolId: string
  /** Whose it is, and what its target's number stands for; absent in what was kept before there were several kinds. */
  workloadId?: string
  control?: Control
  /** Of nodes and sizes: the pool that they govern. */
  governsPoolId?: string
  /** Of nodes: replicas that one of them holds. */
  replicasPerNode?: number
  /** Of replicas on nodes: which nodes; the offering's lead times then are those of both, one after the other. */
  heldBy?: HeldBy
  paid?: Paid
  /** Since when it is known to stand at its level. */
  levelSince?: string
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
