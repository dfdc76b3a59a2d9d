import type { Tx } from '../../kernel/db.ts'
import type { RulePool, RuleSet, RuleWorkload, RuleWorld } from '../../plan/contract.ts'
import { groupsOf, isShared, monthOf, rulePoolsOf, spendOf } from '../../plan/index.ts'
import { ruleSetInForce } from './stored-rules.ts'

const hourMs = 3_600_000
/** A change may be carried out long after it was decided on, but not longer than this. */
const longestDispatchMs = 24 * hourMs

/**
 * What the published rules are held against, for plans that touch these workloads: they themselves, and whoever shares a
 * limit with them. `rules` in place of those in force for a draft.
 */
export async function ruleWorldNow(
  tx: Tx,
  now: Date,
  workloadIds: readonly string[],
  rules?: RuleSet,
): Promise<RuleWorld> {
  const ruleSet = rules ?? (await ruleSetInForce(tx))
  const empty = { now: now.toISOString(), ruleSet, spanSeconds: 0 }
  if (ruleSet.rules.length === 0) return { ...empty, workloads: [], pools: [] }
  const members = await membersOf(tx, ruleSet, workloadIds)
  const ids = members.map(({ id }) => id)
  const pools = await rulePoolsOf(tx, ids, now)
  const spend = await spendOf(tx, ids, now, monthOf(now.toISOString()).from)
  const changes = await changesOf(tx, ids, now)
  const workloads = members.map((member) => ({
    ...member,
    changesLastHour: changes.get(member.id) ?? 0,
    spentThisMonthUsd: spend.get(member.id)?.thisMonthUsd ?? 0,
    usualCostPerHourUsd: spend.get(member.id)?.usualPerHourUsd ?? rateOf(pools, member.id),
  }))
  return { ...empty, workloads, pools }
}

/** The workloads asked for, and those that share a limit with one of them. */
async function membersOf(
  tx: Tx,
  { rules }: RuleSet,
  workloadIds: readonly string[],
): Promise<RuleWorkload[]> {
  const shared = rules.filter(isShared)
  const rows = await tx.workload.findMany({
    where: shared.length > 0 ? {} : { id: { in: [...workloadIds] } },
    select: { id: true, name: true, team: true, environment: true, dataClassification: true },
    orderBy: { name: 'asc' },
  })
  const all = rows.map((row) => ({
    ...row,
    demandPerSecond: null,
    changesLastHour: 0,
    spentThisMonthUsd: 0,
    usualCostPerHourUsd: 0,
  }))
  const asked = new Set(workloadIds)
  const wanted = new Set(asked)
  for (const rule of shared) {
    if (!('per' in rule)) continue
    for (const { workloads } of groupsOf(rule, all))
      if (workloads.some(({ id }) => asked.has(id))) for (const { id } of workloads) wanted.add(id)
  }
  return all.filter(({ id }) => wanted.has(id))
}

function rateOf(pools: readonly RulePool[], workloadId: string): number {
  return pools
    .filter((pool) => pool.workloadId === workloadId)
    .reduce((sum, { level, paidFrom = 0, pricePerHourUsd }) => sum + (level - paidFrom) * pricePerHourUsd, 0)
}

/** Changes carried out in the hour before an instant, by workload. */
async function changesOf(tx: Tx, workloadIds: readonly string[], now: Date): Promise<Map<string, number>> {
  const dispatches = await tx.dispatch.findMany({
    where: {
      appliedAt: { gt: new Date(now.getTime() - hourMs), lte: now },
      decision: {
        at: { gt: new Date(now.getTime() - hourMs - longestDispatchMs) },
        proposal: { touchedWorkloadIds: { hasSome: [...workloadIds] } },
      },
    },
    select: { decision: { select: { proposal: { select: { touchedWorkloadIds: true } } } } },
  })
  const counts = new Map<string, number>()
  for (const { decision } of dispatches)
    for (const id of decision.proposal.touchedWorkloadIds) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
