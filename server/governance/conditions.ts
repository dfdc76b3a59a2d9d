import { type ForecastSnapshot, ForecastSnapshotSchema } from '../forecast/contract.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError } from '../kernel/errors.ts'
import { isSaga, type PlanContent, type PlanInput } from '../plan/contract.ts'
import {
  learnedApproval,
  poolsBeside,
  poolsOf,
  replan,
  replanSaga,
  type SagaInput,
  type SetPointChoice,
  waitingWork,
} from '../plan/index.ts'
import { signalName, workloadInput } from '../telemetry/contract.ts'
import { believedAt, readBelief } from '../telemetry/index.ts'
import { type Conditions, conditionsIn } from './binding.ts'
import { bindingOf } from './contract.ts'
import { policyInForce } from './policy-in-force.ts'
import { type Ours, reservedLevels, toldReserved, type World, withReserved } from './reserved.ts'
import { ruleWorldNow } from './rules/rule-world.ts'
import { touchedTargets, touchedWorkloads } from './touched.ts'

/**
 * What the world looks like now to a plan of this workload: policy in force, capacity and prices as last observed, and
 * the forecast that is given; without one, the newest. `touched`: every workload that the plan touches, for the rules.
 * @throws ConflictError while the workload has no observed pool, no policy or no forecast.
 */
export async function planInputNow(
  tx: Tx,
  ctx: Context,
  workloadId: string,
  forecast?: ForecastSnapshot,
  touched: readonly string[] = [workloadId],
): Promise<PlanInput> {
  const workload = await tx.workload.findUniqueOrThrow({ where: { id: workloadId } })
  const { leading: capacity, others } = await poolsOf(tx, workloadId)
  const policy = await policyInForce(tx, workloadId)
  const approval = policy && (await learnedApproval(tx, workloadId, policy.approvalLeadSeconds))
  const newest = await tx.forecast.findFirst({ where: { workloadId }, orderBy: { issuedAt: 'desc' } })
  const snapshot = forecast ?? (newest ? ForecastSnapshotSchema.parse(newest.snapshot) : null)
  if (!capacity || !policy || !snapshot) {
    const missing = !capacity ? 'pool that was observed' : !policy ? 'policy' : 'forecast'
    throw new ConflictError(`"${workload.title}" has no ${missing} now, so nothing can be decided on it.`)
  }
  const { id, name, title, kind, requiredSecurityTier, objectiveP99Ms, stepSeconds, reworkSeconds } = workload
  const userShares = workloadInput.shape.userShares.parse(workload.userShares)
  const demandSignal = signalName.parse(workload.demandSignal)
  const now = ctx.clock.now()
  const belief = await readBelief(tx, { id, demandSignal, stepSeconds }, now)
  const waiting = await waitingWork(
    tx,
    { id, kind, objectiveP99Ms, stepSeconds, demandSignal },
    capacity,
    now,
  )
  return {
    now: now.toISOString(),
    workload: {
      id,
      name,
      title,
      kind,
      requiredSecurityTier,
      objectiveP99Ms,
      stepSeconds,
      unit: snapshot.unit,
      reworkSeconds,
      userShares,
    },
    forecast: snapshot,
    capacity,
    otherPools: others,
    policy,
    rules: await ruleWorldNow(tx, now, touched),
    ...(approval ? { approval } : {}),
    ...(waiting ? { waiting } : {}),
    // Only a planner's own wish to come down waits for the cooldown; what a person sets does not.
    lastChangeAt: null,
    // Where nothing was measured for long, the last forecast's origin is what is known, and grows old.
    lastSampleAt: belief.lastSampleAt === null ? (newest?.origin.toISOString() ?? null) : believedAt(belief),
    // The surge of a proposal is weighed by the rule that it was found by.
    riseWaits: false,
  }
}

/**
 * The same for every workload that a plan touches: its own with the forecast that it was made from, or with the newest, the
 * others with their newest. What others are approved to come to counts as theirs. `ours`: the approval that is judged itself.
 */
export async function worldNow(
  tx: Tx,
  ctx: Context,
  workloadId: string,
  content: PlanContent,
  { forecast = 'of-the-plan', ours }: { forecast?: 'of-the-plan' | 'newest'; ours?: Ours } = {},
): Promise<World> {
  const touched = touchedWorkloads(workloadId, content)
  const frozen = forecast === 'newest' ? undefined : content.evidence.forecast
  const own = await planInputNow(tx, ctx, workloadId, frozen, touched)
  const others: PlanInput[] = []
  for (const id of touched)
    if (id !== workloadId) others.push({ ...(await planInputNow(tx, ctx, id)), rules: own.rules })
  const world = await withMates(tx, { own, others })
  const reserved = await reservedLevels(tx, ctx, sharersOf(world, touched), ours)
  const written = new Set(content.actions.map(({ poolId }) => poolId))
  return withReserved(world, reserved, written)
}

/** Everybody whose levels the plan is judged beside. */
function sharersOf({ own }: SagaInput, touched: readonly string[]): string[] {
  const beside = (own.beside ?? []).flatMap(({ workloadId }) => workloadId ?? [])
  const underRules = (own.rules?.workloads ?? []).map(({ id }) => id)
  return [...new Set([...touched, ...beside, ...underRules])]
}

/** With what others hold of the quotas that the plan's workloads share with them: levels are judged beside it. */
async function withMates(tx: Tx, { own, others }: SagaInput): Promise<SagaInput> {
  const inputs = [own, ...others]
  const beside = await poolsBeside(tx, {
    workloadIds: inputs.map(({ workload }) => workload.id),
    offeringIds: inputs.flatMap(({ capacity, otherPools }) =>
      [capacity, ...otherPools].map(({ offering }) => offering.id),
    ),
  })
  return { own: { ...own, beside }, others: others.map((input) => ({ ...input, beside })) }
}

/**
 * A plan as of now, with its own set-points or with others: the same evaluation when it is overridden, approved, voided and
 * carried out.
 */
export function replanNow(
  world: World,
  content: PlanContent,
  choices: readonly SetPointChoice[] = [],
): PlanContent {
  if (isSaga(content)) return toldReserved(replanSaga(world, content, choices), world)
  const { targetId } = content.evidence.capacity
  const chosen = choices.find((choice) => choice.targetId === targetId)
  const plan = replan(ledBy(world.own, targetId) ?? world.own, chosen?.to ?? content.effect.replicas)
  return toldReserved(plan, world)
}

/** The input with the pool of a target in the lead, whichever leads the workload by now; null where it has no such pool. */
export function ledBy(input: PlanInput, targetId: string): PlanInput | null {
  const pools = [input.capacity, ...input.otherPools]
  const capacity = pools.find((pool) => pool.targetId === targetId)
  return capacity ? { ...input, capacity, otherPools: pools.filter((pool) => pool !== capacity) } : null
}

/** What an approval of the content would bind now. What is no longer there is left out, and so has moved. */
export function conditionsNow(world: SagaInput, proposalId: string, content: PlanContent): Conditions {
  const { own, others } = world
  const pools = [own, ...others].flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
  const touched = new Set(touchedTargets(content))
  const [leading = own.capacity, ...rest] = pools.filter(({ targetId }) => touched.has(targetId))
  const evidence = {
    ...content.evidence,
    capacity: leading,
    otherPools: rest,
    policy: own.policy,
    ruleSetVersion: own.rules?.ruleSet.version,
    otherPolicies: others.map(({ workload, policy }) => ({
      workloadId: workload.id,
      version: policy.version,
    })),
    prices: [],
  }
  return conditionsIn(bindingOf(proposalId, { ...content, evidence }))
}
