import { lastAppliedAt } from '../dispatch/index.ts'
import { planInputNow, riseWaits, ruleWorldNow } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { type PlanInput, type PlanOutcome, serves } from '../plan/contract.ts'
import { adviceNow, planGroup, planWorkload, type Solver } from '../plan/index.ts'
import { harmedNow } from '../telemetry/index.ts'

/** Up to so many others are always planned for together; more only when a plan does not fit beside what they hold. */
const mostBeside = 8

/**
 * The decision for one workload beside those it shares an offering, and so its quota, or a published limit with. The plans of all are made in the
 * order of their names, so that the turn of each comes to the same: whoever has to wait for what another gives is in one
 * proposal with it.
 */
export async function planBeside(
  ctx: Context,
  tx: Tx,
  input: PlanInput,
  solver: Solver | null,
): Promise<PlanOutcome> {
  const standing = await standingBeside(tx, input)
  const others = new Set(standing.map(({ workloadId }) => workloadId))
  // Whoever shares a published limit is in the same world of rules.
  for (const { id } of input.rules?.workloads ?? []) others.add(id)
  others.delete(input.workload.id)
  if (others.size === 0) return planWorkload(input, solver)
  if (others.size > mostBeside) {
    const alone = planWorkload(input, solver)
    if (alone.kind === 'hold' || fits(input, standing, alone.content.actions)) return alone
  }
  const rules = await ruleWorldNow(tx, ctx.clock.now(), [input.workload.id, ...others])
  const harmed = await harmedNow(tx, [...others])
  const group = [{ ...input, rules }]
  for (const id of others) {
    const other = harmed.has(id) ? null : await inputOf(ctx, tx, id)
    if (other) group.push({ ...other, rules })
  }
  const ordered = group.toSorted((a, b) => (a.workload.name < b.workload.name ? -1 : 1))
  const plans = planGroup(ordered, solver)
  const own = plans.find(({ workloadId }) => workloadId === input.workload.id)
  return own?.outcome ?? planWorkload(input, solver)
}

type Standing = { workloadId: string; offeringId: string; desiredReplicas: number | null; quota: number }

/** Everything that stands at the offerings of a workload's pools, its own pools included. */
async function standingBeside(tx: Tx, { capacity, otherPools }: PlanInput): Promise<Standing[]> {
  const offeringIds = [capacity, ...otherPools].filter(serves).map(({ offering }) => offering.id)
  const pools = await tx.pool.findMany({
    where: { offeringId: { in: offeringIds }, control: { not: 'size' }, workload: { endedAt: null } },
    select: {
      workloadId: true,
      offeringId: true,
      desiredReplicas: true,
      offering: { select: { quotaReplicas: true } },
    },
  })
  return pools.map(({ offering, ...pool }) => ({ ...pool, quota: offering.quotaReplicas }))
}

/** Whether rises stay within the quotas beside all that stands there. */
function fits(
  { capacity, otherPools }: PlanInput,
  standing: readonly Standing[],
  actions: readonly { poolId: string; fromReplicas: number; toReplicas: number }[],
): boolean {
  const pools = [capacity, ...otherPools]
  return actions.every(({ poolId, fromReplicas, toReplicas }) => {
    const offeringId = pools.find((pool) => pool.poolId === poolId)?.offering.id
    const there = standing.filter((pool) => pool.offeringId === offeringId)
    const held = there.reduce((sum, { desiredReplicas }) => sum + (desiredReplicas ?? 0), 0)
    const quota = there[0]?.quota ?? Number.POSITIVE_INFINITY
    return toReplicas <= fromReplicas || held + toReplicas - fromReplicas <= quota
  })
}

/** Another workload as it stands, by its newest forecast; null while nothing can be planned for it. */
async function inputOf(ctx: Context, tx: Tx, workloadId: string): Promise<PlanInput | null> {
  try {
    const input = await planInputNow(tx, ctx, workloadId)
    const lastChange = await lastAppliedAt(tx, workloadId)
    const { capacity, otherPools, policy, workload, approval } = input
    const approvalLeadSeconds = approval?.p90Seconds ?? policy.approvalLeadSeconds
    const controller = otherPools.some(serves)
      ? null
      : await adviceNow(tx, { capacity, policy, workload, approvalLeadSeconds })
    return {
      ...input,
      ...(controller ? { controller } : {}),
      lastChangeAt: lastChange?.toISOString() ?? null,
      riseWaits: await riseWaits(tx, workloadId),
    }
  } catch (error) {
    if (error instanceof ConflictError) return null
    throw error
  }
}
