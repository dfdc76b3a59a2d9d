import { isSaga, type PlanContent, type PlanInput } from '../plan/contract.ts'
import { replan, replanSaga, type SagaInput, type SetPointChoice } from '../plan/index.ts'
import { type Conditions, conditionsIn } from './binding.ts'
import { bindingOf } from './contract.ts'
import { toldReserved, type World } from './reserved.ts'
import { touchedTargets } from './touched.ts'

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

/** For `movesSince`: the level that each action of the content starts from, beside the one that its target is asked for now. */
export function levelsNow({ own, others }: SagaInput, { actions }: Pick<PlanContent, 'actions'>) {
  const pools = [own, ...others].flatMap(({ capacity, otherPools }) => [capacity, ...otherPools])
  return (targetId: string): { from: number; to: number | null } | null => {
    const action = actions.find((one) => one.targetId === targetId)
    const pool = pools.find((one) => one.targetId === targetId)
    return action && pool ? { from: action.fromReplicas, to: pool.desiredReplicas } : null
  }
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
