import { detectSurge, type Surge } from '../../forecast/index.ts'
import {
  type CapacitySnapshot,
  type PlanContent,
  type PlanInput,
  type PlanOutcome,
  serves,
} from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { emptyNodes, onNodes, withNodes } from '../nodes.ts'
import { planPool } from '../plan-pool.ts'
import { project, staged, type Wanted } from '../safety/project.ts'
import { complianceOfSaga } from '../saga/compliance.ts'
import { planShift } from '../shift/plan-shift.ts'
import { leadsAhead } from '../timing.ts'
import { coupledSpanSeconds } from './cases.ts'
import { conflictingRules } from './conflicts.ts'
import { allocationUsd, standing } from './cost.ts'
import { joined, relaxed } from './join.ts'
import { keepReason } from './limits.ts'
import type { Allocation, AllocationProblem, Solution } from './problem.ts'
import { purposeOf, sagaContent } from './saga-content.ts'
import { solveAllocation } from './solve.ts'
import type { Solver } from './solver.ts'
import { type Freedom, type WorkloadModel, workloadModel } from './workload-model.ts'

/** What takes capacity away or moves it must save at least this share of what the workload costs: hysteresis. */
const minSavingShare = 0.05

/** A rise that waits stays until its chance is down to this share of the asked one. */
const keptShare = 0.5

/**
 * The decision for one workload on all of its pools that serve; where there is one, `planPool`, or `planShift` for work that may wait. A surge past what all of
 * them serve lets capacity grow and nothing fall; without one, capacity moves or goes where that saves enough and what the
 * whole forecast needs stays. Deterministic. `solver` comes from `loadSolver`; without it (null) levels come from local search and their
 * gap is not known. Blocks for tens of milliseconds.
 */
export function planWorkload(input: PlanInput, solver: Solver | null): PlanOutcome {
  const outcome = planLevels(input, solver)
  return (outcome.kind === 'hold' ? emptyNodes(input) : null) ?? outcome
}

function planLevels(input: PlanInput, solver: Solver | null): PlanOutcome {
  const pools = poolsOfInput(input).filter(serves)
  if (pools.length <= 1) return planShift(input) ?? onNodes(input, planPool(input))
  if (input.policy.automationLevel === 'observe')
    return hold('The automation level is "observe": nothing is proposed.')
  const surge = coupledSurge(input, pools)
  const freedom = freedomOf(input, pools, surge)
  const model = workloadModel(input, freedom)
  const problem = joined([model], [input])
  const chosen = chooseLevels(problem, solver)
  const wanted = wantedLevels([model], chosen.solution.allocation)
  const idle = worthless(problem, chosen.solution, surge, freedom)
  if (wanted.length === 0 || idle !== null) {
    const why = freedom.keep ?? idle ?? 'Capacity fits the forecast, and no other pool would do it for less.'
    return hold(chosen.conflict.length > 0 ? `${why} ${conflictSentence(chosen.conflict)}` : why)
  }
  const { actions, cuts } = project([input], withNodes([input], wanted))
  if (actions.length === 0) return hold(`Nothing of the plan can be done. ${cuts.join('; ')}.`)
  const content = sagaContent({
    inputs: [input],
    actions,
    surge,
    purpose: purposeOf(pools, actions),
    solution: chosen.solution,
    cuts,
    conflict: chosen.conflict,
  })
  return { kind: 'propose', content }
}

/**
 * Everything of a proposal for levels that a person chose of any pools of the inputs, the first of which is the one whose
 * proposal it is. Staged as the safety layer would, but nothing is held back: what breaks a rule fails its result.
 */
export function replanLevels(inputs: readonly PlanInput[], wanted: readonly Wanted[]): PlanContent {
  const [input] = inputs
  if (input === undefined) throw new Error('A plan belongs to a workload.')
  const pools = inputs.flatMap(poolsOfInput)
  const actions = staged(inputs, wanted)
  const purpose = purposeOf(pools, actions)
  const content = sagaContent({
    inputs,
    actions,
    surge: coupledSurge(input, poolsOfInput(input).filter(serves)),
    purpose,
    solution: null,
    cuts: [],
    conflict: [],
  })
  const compliance = complianceOfSaga(inputs, actions, purpose)
  return compliance ? { ...content, compliance } : content
}

/** The surge past what all pools together serve, that starts within the coupled span. */
export function coupledSurge(input: PlanInput, pools: readonly CapacitySnapshot[]): Surge | null {
  const { forecast, policy, riseWaits } = input
  const leads = leadsAhead(input)
  const end = Date.parse(input.now) + coupledSpanSeconds(input, pools) * 1_000
  return detectSurge({
    leads,
    levels: forecast.levels,
    joint: forecast.joint,
    capacity: pools.reduce((sum, pool) => sum + pool.capacityPerReplica * pool.desiredReplicas, 0),
    minProbability: policy.surgeProbability * (riseWaits ? keptShare : 1),
    within: Math.max(1, leads.filter(({ at }) => Date.parse(at) <= end).length),
  })
}

export function freedomOf(
  input: PlanInput,
  pools: readonly CapacitySnapshot[],
  surge: Surge | null,
): Freedom {
  const replicas = pools.reduce((sum, { desiredReplicas }) => sum + desiredReplicas, 0)
  const keep =
    surge === null ? keepReason(input, pools) : 'A surge is forecast: nothing is taken away before it.'
  return { keep, grow: surge !== null || replicas < input.policy.minReplicas }
}

/** Levels within every rule or, where no levels are, within what stands already; and which rules are at odds. */
export function chooseLevels(
  problem: AllocationProblem,
  solver: Solver | null,
): { solution: Solution; conflict: string[] } {
  const strict = solveAllocation(problem, solver)
  if (strict !== null) return { solution: strict, conflict: [] }
  const wide = solveAllocation(relaxed(problem), solver)
  const stays = { allocation: standing(problem), costUsd: 0, boundUsd: null, gap: null, timeStruck: false }
  return { solution: wide ?? { ...stays, method: 'greedy' }, conflict: conflictingRules(problem, solver) }
}

/** Levels of an allocation that differ from what stands. */
export function wantedLevels(models: readonly WorkloadModel[], allocation: Allocation): Wanted[] {
  return models.flatMap(({ pools }, m) =>
    pools.flatMap(({ poolId, desiredReplicas }, j) => {
      const toReplicas = allocation[m]?.[j] ?? desiredReplicas
      return toReplicas === desiredReplicas ? [] : [{ poolId, toReplicas }]
    }),
  )
}

/** Why the levels are not worth a change; null where they are. A surge or a broken minimum is always worth it. */
function worthless(
  problem: AllocationProblem,
  { allocation, costUsd }: Solution,
  surge: Surge | null,
  { grow }: Freedom,
): string | null {
  if (surge !== null || grow) return null
  const present = standing(problem)
  const presentUsd = allocationUsd(problem, present)
  const onlyRises = allocation.every((row, m) => row.every((x, j) => x >= (present[m]?.[j] ?? 0)))
  if (onlyRises) return 'Capacity fits the forecast.'
  return presentUsd - costUsd < minSavingShare * presentUsd
    ? 'What another distribution would save is too little to act on.'
    : null
}

export function conflictSentence(conflict: readonly string[]): string {
  return `These cannot all be kept: ${conflict.join('; ')}.`
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
