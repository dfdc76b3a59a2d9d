import type { Tx } from '../kernel/db.ts'
import type { WorkloadPolicy } from '../kernel/generated/client.ts'
import type { PolicyInForce } from '../plan/contract.ts'

/** The policy in force of a workload: its highest version; null before an admin set one. */
export async function policyInForce(tx: Tx, workloadId: string): Promise<PolicyInForce | null> {
  const row = await tx.workloadPolicy.findFirst({ where: { workloadId }, orderBy: { version: 'desc' } })
  return row && policyValuesOf(row)
}

/** The values and version of a stored policy, without who set it and why. */
export function policyValuesOf(row: WorkloadPolicy): PolicyInForce {
  const { id: _, workloadId: __, reason: ___, authorId: ____, createdAt: _____, ...policy } = row
  return policy
}
