import { type ApprovedPlan, policyInForce } from '../governance/index.ts'
import type { Tx } from '../kernel/db.ts'
import type { ScaleAction } from '../plan/contract.ts'
import { capacityOf, checkPolicy, isAllowed } from '../plan/index.ts'

/**
 * Holds one action against the policy in force, in the transaction that lets the write go: a worker may have died
 * between redemption and write, and the bounds may have changed since. Null if the write may go; otherwise why not.
 */
export async function refusalOf(tx: Tx, plan: ApprovedPlan, action: ScaleAction): Promise<string | null> {
  const pool = await tx.pool.findUnique({ where: { id: action.poolId }, include: { workload: true } })
  if (pool === null || pool.targetId !== action.targetId) {
    return `The pool that was approved no longer holds the target "${action.targetName}".`
  }
  const policy = await policyInForce(tx, pool.workloadId)
  if (policy === null) return 'The workload has no policy in force.'
  if (policy.version !== plan.binding.policyVersion) {
    return `The policy moved from version ${plan.binding.policyVersion} to ${policy.version} since the approval.`
  }
  const capacity = await capacityOf(tx, pool.workloadId)
  if (capacity === null) return `The target "${action.targetName}" has not been observed.`
  const results = checkPolicy({
    actions: [action],
    capacity,
    policy,
    requiredSecurityTier: pool.workload.requiredSecurityTier,
    // Redemption looked at the telemetry; what it allowed may be finished.
    telemetryStale: false,
  })
  if (isAllowed(results)) return null
  return results
    .filter((result) => !result.passed)
    .map((result) => result.message)
    .join(' ')
}
