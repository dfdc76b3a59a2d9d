import type { CapacitySnapshot, OfferingKind } from '../contract.ts'
import type { PoolStep } from '../models/calibration/observations.ts'

/** What a domain sells that this workload may use: its region, its tier and the policy in force allow it. */
export type Option = Pick<CapacitySnapshot, 'domain' | 'offering'>

/** All that advice on one workload is made from; the same source, the same advice. */
export type AdviceSource = {
  workload: {
    kind: 'inference' | 'training' | 'batch'
    unit: string
    stepSeconds: number
    objectiveP99Ms: number
    reworkSeconds: number | null
    repeatShare: number | null
  }
  /** The pool that leads; null without one that was observed. */
  pool: CapacitySnapshot | null
  /** Fewest replicas that the policy allows. */
  minReplicas: number
  /** What one replica-hour short counts against one idle. */
  penaltyRatio: number
  /** Start of each step, milliseconds since the epoch, with what was measured in it. */
  steps: readonly (PoolStep & { atMs: number })[]
  /** Share of requests that repeat, where it was measured. */
  measuredRepeatShare: number | null
  options: readonly Option[]
}

/** A source of which the pool is known. */
export type PoolSource = AdviceSource & { pool: CapacitySnapshot }

export const kindOf = ({ offering }: Pick<CapacitySnapshot, 'offering'>): OfferingKind =>
  offering.kind ?? 'instances'
