import type { Surge } from '../forecast/contract.ts'
import type { PlanInput } from './contract.ts'

/** What a proposal is composed from. */
export type ContentRequest = {
  input: PlanInput
  direction: 'up' | 'down'
  toReplicas: number
  /** The level that was wanted before any bound or rule held it back. */
  wanted: number
  /** Whether the level is the controller's, in the place of the quantile's. */
  advised?: boolean
  surge: Surge | null
  /** Bounds that kept the level from what the quantile asks for, in words. */
  cuts: string[]
}
