import { type PlanInput, type PlanOutcome, serves } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { project, type Wanted } from '../safety/project.ts'
import { contended, type SharedLimit, sharedLimits } from './contention.ts'
import { joined } from './join.ts'
import { chooseLevels, coupledSurge, freedomOf, planWorkload, wantedLevels } from './plan-workload.ts'
import type { Solution } from './problem.ts'
import { purposeOf, sagaContent } from './saga-content.ts'
import type { Solver } from './solver.ts'
import { defaultTerms, type Terms, workloadModel } from './workload-model.ts'

export type GroupPlan = { workloadId: string; outcome: PlanOutcome }

/**
 * Plans of workloads that share quota (pools at the same offering) or published limits, in the order of the inputs: the
 * same as each alone where all of these fit side by side. Where they do not, those who share what is short are planned
 * together, each at its own penalty for what it is short of. Where one then has to wait for what another gives, both are in one
 * proposal, that of the first who receives; its actions name the other's `workloadId`, and the other holds and says so.
 */
export function planGroup(
  inputs: readonly PlanInput[],
  solver: Solver | null,
  terms: Terms = defaultTerms,
): GroupPlan[] {
  const alone = inputs.map((input) => planWorkload(input, solver, terms))
  const outcomes = [...alone]
  const actions = alone.flatMap((outcome) => (outcome.kind === 'propose' ? outcome.content.actions : []))
  const short = contended(sharedLimits(inputs), inputs.flatMap(poolsOfInput), actions)
  if (short.length > 0) {
    const sharing = inputs.filter((input) => takesPart(input, short))
    const together = planTogether(sharing, short, solver, terms)
    for (const [i, input] of inputs.entries()) outcomes[i] = together.get(input) ?? outcomes[i] ?? hold('')
  }
  return inputs.map((input, i) => ({ workloadId: input.workload.id, outcome: outcomes[i] ?? hold('') }))
}

function takesPart(input: PlanInput, limits: readonly SharedLimit[]): boolean {
  if (input.policy.automationLevel === 'observe') return false
  return poolsOfInput(input).some(
    (pool) => serves(pool) && limits.some(({ coefficients }) => (coefficients.get(pool.poolId) ?? 0) !== 0),
  )
}

function planTogether(
  inputs: readonly PlanInput[],
  short: readonly SharedLimit[],
  solver: Solver | null,
  terms: Terms,
): Map<PlanInput, PlanOutcome> {
  const models = inputs.map((input) => {
    const pools = poolsOfInput(input).filter(serves)
    const freedom = freedomOf(input, pools, coupledSurge(input, pools))
    return workloadModel(input, { ...freedom, gives: true }, terms)
  })
  const { solution, conflict } = chooseLevels(joined(models, inputs), solver)
  const wanted = wantedLevels(models, solution.allocation)
  const whole = project(inputs, wanted)
  const outcomes = new Map<PlanInput, PlanOutcome>()
  for (const part of dependentParts(inputs, whole.actions, short)) {
    const [lead, ...others] = part
    if (lead === undefined) continue
    outcomes.set(lead, proposeFor(part, wanted, solution, conflict, short))
    for (const other of others) {
      outcomes.set(other, hold(`It takes part in the proposal of ${lead.workload.name}.`))
    }
  }
  return outcomes
}

function proposeFor(
  part: readonly PlanInput[],
  wanted: readonly Wanted[],
  solution: Solution,
  conflict: readonly string[],
  short: readonly SharedLimit[],
): PlanOutcome {
  const [lead] = part
  const pools = part.flatMap(poolsOfInput)
  const ids = new Set(pools.map(({ poolId }) => poolId))
  const { actions, cuts } = project(
    part,
    wanted.filter(({ poolId }) => ids.has(poolId)),
  )
  if (lead === undefined || actions.length === 0) {
    const shared = short.map(({ words }) => words).join(' and ')
    return hold(`No change: others need ${shared} more. ${cuts.join('; ')}`.trim())
  }
  const content = sagaContent({
    inputs: part,
    actions,
    surge: coupledSurge(lead, poolsOfInput(lead).filter(serves)),
    purpose: purposeOf(pools, actions),
    solution,
    cuts,
    conflict,
  })
  return { kind: 'propose', content }
}

/**
 * The inputs in parts that need nothing of each other. A workload whose rises cannot be carried out by itself is in one part with
 * all that give of what it shares with them. In each part the receivers come first.
 */
function dependentParts(
  inputs: readonly PlanInput[],
  actions: readonly Wanted[],
  short: readonly SharedLimit[],
): PlanInput[][] {
  const parts = inputs.map((input) => new Set([input]))
  const level = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const change = (input: PlanInput) =>
    poolsOfInput(input).map(
      ({ poolId, desiredReplicas }) => (level.get(poolId) ?? desiredReplicas) - desiredReplicas,
    )
  for (const input of inputs) {
    const own = poolsOfInput(input).flatMap(({ poolId }) => {
      const toReplicas = level.get(poolId)
      return toReplicas === undefined ? [] : [{ poolId, toReplicas }]
    })
    if (
      !change(input).some((by) => by > 0) ||
      project([input, ...without(inputs, input)], own).cuts.length === 0
    )
      continue
    const mine = short.filter((limit) => takesPart(input, [limit]))
    for (const other of without(inputs, input)) {
      if (change(other).some((by) => by < 0) && takesPart(other, mine)) unite(parts, input, other)
    }
  }
  const distinct = [...new Set(parts)]
  return distinct.map((part) =>
    [...part].sort(
      (a, b) =>
        Number(change(b).some((by) => by > 0)) - Number(change(a).some((by) => by > 0)) ||
        inputs.indexOf(a) - inputs.indexOf(b),
    ),
  )
}

function unite(parts: Set<PlanInput>[], a: PlanInput, b: PlanInput): void {
  const left = parts.find((part) => part.has(a))
  const right = parts.find((part) => part.has(b))
  if (left === undefined || right === undefined || left === right) return
  for (const input of right) left.add(input)
  for (const [i, part] of parts.entries()) if (part === right) parts[i] = left
}

function without(inputs: readonly PlanInput[], input: PlanInput): PlanInput[] {
  return inputs.filter((other) => other !== input)
}

function hold(reason: string): PlanOutcome {
  return { kind: 'hold', reason }
}
