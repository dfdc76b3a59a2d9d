import type { Action, CapacitySnapshot } from '../contract.ts'
import { momentsOf } from '../rules/moments.ts'
import { stepTermsAt, sumOver } from './pools.ts'

/**
 * The most that is paid at once while the actions are on their way, in USD per hour, at the prices of a moment: while a stage
 * runs, what goes up is already paid for and what goes down still is.
 */
export function peakCostPerHourUsd(
  pools: readonly CapacitySnapshot[],
  actions: readonly Action[],
  atMs: number,
): number {
  const { price } = stepTermsAt(atMs)
  const costs = momentsOf(actions).ranges.map((ranges) =>
    sumOver(pools, new Map([...ranges].map(([poolId, { high }]) => [poolId, high])), price),
  )
  return Math.max(...costs)
}
