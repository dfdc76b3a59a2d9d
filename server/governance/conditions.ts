import { type ForecastSnapshot, ForecastSnapshotSchema } from '../forecast/contract.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import type { PlanInput } from '../plan/contract.ts'
import { poolsOf } from '../plan/index.ts'
import { signalName } from '../telemetry/contract.ts'
import { believedAt, readBelief } from '../telemetry/index.ts'
import { type Conditions, ruleSetBound } from './binding.ts'
import { policyInForce } from './policy-in-force.ts'
import { ruleWorldNow } from './rules/rule-world.ts'

/**
 * What the world looks like now to a plan of this workload: policy in force, capacity and prices as last observed, and
 * the forecast that is given; without one, the newest.
 * @throws ConflictError while the workload has no observed pool, no policy or no forecast.
 */
export async function planInputNow(
  tx: Tx,
  ctx: Context,
  workloadId: string,
  forecast?: ForecastSnapshot,
): Promise<PlanInput> {
  const workload = await tx.workload.findUniqueOrThrow({ where: { id: workloadId } })
  const { leading: capacity, others } = await poolsOf(tx, workloadId)
  const policy = await policyInForce(tx, workloadId)
  const newest = await tx.forecast.findFirst({ where: { workloadId }, orderBy: { issuedAt: 'desc' } })
  const snapshot = forecast ?? (newest ? ForecastSnapshotSchema.parse(newest.snapshot) : null)
  if (!capacity || !policy || !snapshot) {
    const missing = !capacity ? 'pool that was observed' : !policy ? 'policy' : 'forecast'
    throw new ConflictError(`"${workload.title}" has no ${missing} now, so nothing can be decided on it.`)
  }
  const { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds } = workload
  const demandSignal = signalName.parse(workload.demandSignal)
  const now = ctx.clock.now()
  const belief = await readBelief(tx, { id, demandSignal, stepSeconds }, now)
  return {
    now: now.toISOString(),
    workload: { id, name, title, requiredSecurityTier, objectiveP99Ms, stepSeconds, unit: snapshot.unit },
    forecast: snapshot,
    capacity,
    otherPools: others,
    policy,
    rules: await ruleWorldNow(tx, now, [workloadId]),
    // Only a planner's own wish to come down waits for the cooldown; what a person sets does not.
    lastChangeAt: null,
    // Where nothing was measured for long, the last forecast's origin is what is known, and grows old.
    lastSampleAt: belief.lastSampleAt === null ? (newest?.origin.toISOString() ?? null) : believedAt(belief),
    // The surge of a proposal is weighed by the rule that it was found by.
    riseWaits: false,
  }
}

/** The part of it that an approval binds. */
export function conditionsOf({ capacity, policy, rules }: PlanInput): Conditions {
  return {
    targets: [{ targetId: capacity.targetId, observedVersion: capacity.observedVersion }],
    policyVersion: policy.version,
    ...ruleSetBound(rules?.ruleSet.version),
    prices: [
      { offeringId: capacity.offering.id, pricePerReplicaHourUsd: capacity.offering.pricePerReplicaHourUsd },
    ],
  }
}
