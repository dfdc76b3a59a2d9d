import type { Tx } from '../kernel/db.ts'
import type { PlanContent } from '../plan/contract.ts'
import { groupsOf, isShared } from '../plan/index.ts'
import { touchedPools } from './contract.ts'
import { holdRules, ruleSetInForce } from './rules/stored-rules.ts'

/**
 * Whoever approves or redeems something under the same quota or shared limit goes one after the other, until the transaction ends:
 * the second one finds what the first one reserved. Taken after the workloads and before the log, always in the order of the names, so
 * that nobody waits for another in a circle. The published rules stay as they are meanwhile.
 */
export async function lockSharedLimits(
  tx: Tx,
  workloadIds: readonly string[],
  content: Pick<PlanContent, 'actions' | 'evidence'>,
): Promise<void> {
  await holdRules(tx)
  const quotas = touchedPools(content).map(({ offering }) => `quota ${offering.id}`)
  const names = [...new Set([...quotas, ...(await sharedRules(tx, workloadIds))])].sort()
  // One by one as the array has them: a sort of the database might come after the locks.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('limit ' || name, 0)) FROM unnest(${names}::text[]) AS name`
}

/** Groups of workloads that have one limit of a published rule together, of those that hold one of these. */
async function sharedRules(tx: Tx, workloadIds: readonly string[]): Promise<string[]> {
  const rules = (await ruleSetInForce(tx)).rules.filter(isShared)
  if (rules.length === 0) return []
  const rows = await tx.workload.findMany({
    where: { id: { in: [...workloadIds] } },
    select: { id: true, name: true, team: true, environment: true, dataClassification: true },
  })
  const unmeasured = {
    demandPerSecond: null,
    changesLastHour: 0,
    spentThisMonthUsd: 0,
    usualCostPerHourUsd: 0,
  }
  const own = rows.map((row) => ({ ...row, ...unmeasured }))
  return rules.flatMap((rule) =>
    'per' in rule ? groupsOf(rule, own).map(({ key }) => `rule ${rule.name} ${key}`) : [],
  )
}
