import { lastAppliedAt } from '../dispatch/index.ts'
import { planInputNow, riseWaits } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { PlanInput, PlanOutcome } from '../plan/contract.ts'
import { planGroup, planWorkload, type Solver } from '../plan/index.ts'

/**
 * The decision for one workload beside those it shares quota with: by itself while what it asks for fits beside what they
 * hold, together with them where it does not. Then the plans of all are made in the order of their names, so that each one's
 * turn comes to the same.
 */
export async function planBeside(
  ctx: Context,
  tx: Tx,
  input: PlanInput,
  solver: Solver | null,
): Promise<PlanOutcome> {
  const alone = planWorkload(input, solver)
  if (alone.kind === 'hold' || alone.content.direction === 'down') return alone
  const sharing = await overQuota(tx, input, alone.content.actions)
  if (sharing.length === 0) return alone
  const inputs = [input]
  for (const id of sharing) {
    const other = await inputOf(ctx, tx, id)
    if (other) inputs.push(other)
  }
  if (inputs.length === 1) return alone
  const group = inputs.toSorted((a, b) => (a.workload.name < b.workload.name ? -1 : 1))
  const plans = planGroup(group, solver)
  return plans.find(({ workloadId }) => workloadId === input.workload.id)?.outcome ?? alone
}

/** Other workloads at offerings whose quota the actions would pass, all that stand there counted. */
async function overQuota(
  tx: Tx,
  { workload, capacity, otherPools }: PlanInput,
  actions: readonly { poolId: string; fromReplicas: number; toReplicas: number }[],
): Promise<string[]> {
  const own = [capacity, ...otherPools]
  const growth = new Map<string, number>()
  for (const { poolId, fromReplicas, toReplicas } of actions) {
    const offeringId = own.find((pool) => pool.poolId === poolId)?.offering.id
    if (offeringId !== undefined && toReplicas > fromReplicas)
      growth.set(offeringId, (growth.get(offeringId) ?? 0) + toReplicas - fromReplicas)
  }
  if (growth.size === 0) return []
  const standing = await tx.pool.findMany({
    where: { offeringId: { in: [...growth.keys()] }, workload: { endedAt: null } },
    select: {
      workloadId: true,
      offeringId: true,
      desiredReplicas: true,
      offering: { select: { quotaReplicas: true } },
    },
  })
  const passed = [...growth].flatMap(([offeringId, more]) => {
    const there = standing.filter((pool) => pool.offeringId === offeringId)
    const held = there.reduce((sum, pool) => sum + (pool.desiredReplicas ?? 0), 0)
    const quota = there[0]?.offering.quotaReplicas ?? Number.POSITIVE_INFINITY
    return held + more > quota ? there : []
  })
  return [...new Set(passed.map(({ workloadId }) => workloadId))].filter((id) => id !== workload.id)
}

/** Another workload as it stands, by its newest forecast; null while nothing can be planned for it. */
async function inputOf(ctx: Context, tx: Tx, workloadId: string): Promise<PlanInput | null> {
  try {
    const input = await planInputNow(tx, ctx, workloadId)
    const lastChange = await lastAppliedAt(tx, workloadId)
    return {
      ...input,
      lastChangeAt: lastChange?.toISOString() ?? null,
      riseWaits: await riseWaits(tx, workloadId),
    }
  } catch (error) {
    if (error instanceof ConflictError) return null
    throw error
  }
}
