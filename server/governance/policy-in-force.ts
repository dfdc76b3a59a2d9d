import { Prisma, type Tx } from '../kernel/db.ts'
import type { WorkloadPolicy } from '../kernel/generated/client.ts'
import { type AsJson, type Reading, read, reading } from '../kernel/reading.ts'
import type { PolicyInForce } from '../plan/contract.ts'

/** The policies in force of workloads: the highest version of each; absent before an admin set one. */
export function policiesInForce(workloadIds: readonly string[]): Reading<Map<string, PolicyInForce>> {
  const query = Prisma.sql`
    SELECT json_agg(v) FROM unnest(${[...workloadIds]}::uuid[]) AS w("id") CROSS JOIN LATERAL (
      SELECT p.* FROM "WorkloadPolicy" p WHERE p."workloadId" = w."id" ORDER BY p."version" DESC LIMIT 1) AS v`
  return reading(
    query,
    (rows: AsJson<WorkloadPolicy>[] | null) =>
      new Map((rows ?? []).map((row) => [row.workloadId, policyValuesOf(row)])),
  )
}

/** The policy in force of a workload; null before an admin set one. */
export async function policyInForce(tx: Tx, workloadId: string): Promise<PolicyInForce | null> {
  return (await read(tx, policiesInForce([workloadId]))).get(workloadId) ?? null
}

/** The values and version of a stored policy, without who set it and why. */
export function policyValuesOf(row: WorkloadPolicy | AsJson<WorkloadPolicy>): PolicyInForce {
  const { id: _, workloadId: __, reason: ___, authorId: ____, createdAt: _____, ...policy } = row
  return policy
}
