import type { CapacitySnapshot, RulePool } from '../contract.ts'
import { rulePoolOf } from './of-input.ts'

/** Pools as rules see them at an instant; those that were never observed cost nothing yet. */
export function rulePoolsOf(pools: readonly CapacitySnapshot[], now: Date): RulePool[] {
  return pools.map((pool) => rulePoolOf(pool, pool.workloadId ?? '', now.getTime()))
}
