import type { Tx } from '../../kernel/db.ts'
import type { RulePool } from '../contract.ts'
import { rulePoolOf } from '../rules/of-input.ts'
import { poolsOfWorkloads } from './capacity.ts'

/** The pools of workloads as rules see them at an instant; those that were never observed cost nothing yet. */
export async function rulePoolsOf(tx: Tx, workloadIds: readonly string[], now: Date): Promise<RulePool[]> {
  const pools = await poolsOfWorkloads(tx, workloadIds)
  return pools.map((pool) => rulePoolOf(pool, pool.workloadId ?? '', now.getTime()))
}
