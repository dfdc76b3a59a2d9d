import { type Action, listedPriceUsd, type PlanInput, type PlanOutcome, serves } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { withNodes } from '../nodes.ts'
import { project, type Wanted } from '../safety/project.ts'
import { contended, type SharedLimit, sharedLimits } from './contention.ts'
import { joined } from './join.ts'
import { chooseLevels, coupledSurge, freedomOf, planWorkload, wantedLevels } from './plan-workload.ts'
import type { Solution } from './problem.ts'
import { purposeOf, sagaContent } from './saga-content.ts'
import type { Solver } from './solver.ts'
import { workloadModel } from './workload-model.ts'

export type GroupPlan = { workloadId: string; outcome: PlanOutcome }

/**
 * Plans of workloads that share quota (pools at the same offering) or published limits, in the order of the inputs: the
 * same as each alone where all of these fit side by side. Where they do not, those who share what is short are planned
 * together, each at its own penalty for what it is short of. Where one then has to wait for what another gives, both are in one
 * proposal, that of the first who receives; its actions name the other's `workloadId`, and the other holds and says so.
 */
export function planGroup(inputs: readonly PlanInput[], solver: Solver | null): GroupPlan[] {
  const alone = inputs.map((input) => planWorkload(input, solver))
  const outcomes = [...alone]
  const actions = alone.flatMap((outcome) => (outcome.kind === 'propose' ? outcome.content.actions : []))
  const short = contended(sharedLimits(inputs), inputs.flatMap(poolsOfInput), actions)
  if (short.length > 0) {
    const sharing = inputs.filter((input) => takesPart(input, short))
    const together = planTogether(sharing, short, solver)
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
): Map<PlanInput, PlanOutcome> {
  const rentUsd = rentsOf(inputs)
  const kept: string[] = []
  const models = inputs.map((input) => {
    const pools = poolsOfInput(input).filter(serves)
    const surge = coupledSurge(input, pools)
    const freedom = freedomOf(input, pools, surge)
    if (surge === null && freedom.keep !== null)
      kept.push(`${input.workload.name} gives nothing. ${freedom.keep}`)
    return workloadModel(input, { ...freedom, gives: true }, rentUsd)
  })
  const { solution, conflict } = chooseLevels(joined(models, inputs), solver)
  const wanted = withNodes(inputs, wantedLevels(models, solution.allocation))
  const whole = project(inputs, wanted)
  const parts = dependentParts(inputs, whole.actions, short)
  const staged = parts.map((part) => stagedIn(part, inputs, wanted))
  const all = staged.flatMap(({ actions }) => actions)
  // Parts that need nothing of each other may still be too much side by side: then they are one.
  const one = contended(short, inputs.flatMap(poolsOfInput), all).length > 0
  const final = one ? [stagedIn(receiversFirst(inputs, whole.actions), inputs, wanted)] : staged
  const outcomes = new Map<PlanInput, PlanOutcome>()
  for (const first of final) {
    const acting = first.part.filter((input) => touches(first.actions, input))
    const still = first.part.filter((input) => !acting.includes(input))
    // Who leads a proposal acts in it.
    const saga = acting[0] === first.part[0] ? first : stagedIn([...acting, ...still], inputs, wanted)
    const [lead] = saga.part
    if (lead === undefined) continue
    for (const other of saga.part) outcomes.set(other, nothingFor(short, saga.cuts, kept))
    for (const other of acting)
      outcomes.set(other, hold(`It takes part in the proposal of ${lead.workload.name}.`))
    if (acting.length > 0) outcomes.set(lead, proposed(saga, inputs, solution, conflict))
  }
  return outcomes
}

type Staged = { part: readonly PlanInput[]; actions: Action[]; cuts: string[] }

/** The wanted levels of one part as stages; the others stand where they are, and count in what is shared. */
function stagedIn(
  part: readonly PlanInput[],
  inputs: readonly PlanInput[],
  wanted: readonly Wanted[],
): Staged {
  const ids = new Set(part.flatMap(poolsOfInput).map(({ poolId }) => poolId))
  const rest = inputs.filter((input) => !part.includes(input))
  const own = wanted.filter(({ poolId }) => ids.has(poolId))
  return { part, ...project([...part, ...rest], own) }
}

function proposed(
  { part, actions, cuts }: Staged,
  inputs: readonly PlanInput[],
  solution: Solution,
  conflict: readonly string[],
): PlanOutcome {
  const [lead] = part
  if (lead === undefined) throw new Error('A part has a workload that leads.')
  const content = sagaContent({
    inputs: [...part, ...inputs.filter((input) => !part.includes(input))],
    actions,
    surge: coupledSurge(lead, poolsOfInput(lead).filter(serves)),
    purpose: purposeOf(poolsOfInput(lead), actions),
    solution,
    cuts,
    conflict,
  })
  return { kind: 'propose', content }
}

/** The least that the hardware of each class is rented at by the hour. */
function rentsOf(inputs: readonly PlanInput[]): Map<string, number> {
  const rents = new Map<string, number>()
  for (const pool of inputs.flatMap(poolsOfInput)) {
    const { market, kind, hardwareClass } = pool.offering
    if (market !== 'on_demand' || kind === 'serverless' || !serves(pool)) continue
    rents.set(hardwareClass, Math.min(rents.get(hardwareClass) ?? Infinity, listedPriceUsd(pool)))
  }
  return rents
}

function nothingFor(
  short: readonly SharedLimit[],
  cuts: readonly string[],
  kept: readonly string[],
): PlanOutcome {
  const shared = short.map(({ words }) => words).join(' and ')
  const held = cuts.length > 0 ? ` Held back: ${cuts.join('; ')}.` : ''
  return hold(
    `No change: ${shared} cannot serve more at once, and what stands is worth most where it stands.${held}${kept.map((why) => ` ${why}`).join('')}`,
  )
}

function touches(actions: readonly Wanted[], input: PlanInput): boolean {
  return poolsOfInput(input).some((pool) => actions.some(({ poolId }) => poolId === pool.poolId))
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
  return [...new Set(parts)].map((part) => receiversFirst([...part], actions))
}

/** Those whose capacity rises first, each in the order of the inputs. */
function receiversFirst(inputs: readonly PlanInput[], actions: readonly Wanted[]): PlanInput[] {
  const level = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const rises = (input: PlanInput) =>
    poolsOfInput(input).some(({ poolId, desiredReplicas }) => (level.get(poolId) ?? 0) > desiredReplicas)
  return [...inputs.filter(rises), ...inputs.filter((input) => !rises(input))]
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
