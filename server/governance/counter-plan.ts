import { passProbability } from '../forecast/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Tx } from '../kernel/db.ts'
import { ConflictError, InvalidInputError } from '../kernel/errors.ts'
import type { Proposal } from '../kernel/generated/client.ts'
import {
  type ActionKind,
  type CapacitySnapshot,
  isSaga,
  type PlanContent,
  type PlanInput,
  serves,
} from '../plan/contract.ts'
import { replanLevels, type SagaInput, type SetPointChoice } from '../plan/index.ts'
import { replanNow } from './conditions.ts'
import type { RunWindow } from './contract.ts'
import { asOf } from './later.ts'
import { inTheWay, reachOf } from './propose.ts'
import { worldNow } from './world.ts'

/** What a person puts in the place of what was proposed. */
export type CounterChoice = {
  toReplicas?: number | undefined
  setPoints?: SetPointChoice[] | undefined
  window?: RunWindow | undefined
}

/** Kinds of actions that can go to another pool: what runs or not, and what a replica requests, stays where it is. */
const movable: readonly ActionKind[] = ['scale', 'allocate', 'prewarm']

/**
 * A plan with other set-points, at other pools of the same workload, or at a later time: everything recomputed as of then, by the
 * forecast that it was proposed from. Its deadlines stay. `riskUntilStart`: that demand passes what stands before a later
 * start; null where it starts at once.
 * @throws InvalidInputError for a set-point of nothing that can be set here
 */
export async function counterPlan(
  tx: Tx,
  ctx: Context,
  proposal: Pick<Proposal, 'workloadId'>,
  proposed: PlanContent,
  { window, ...chosen }: CounterChoice,
): Promise<{ content: PlanContent; riskUntilStart: number | null }> {
  const present = await worldNow(tx, ctx, proposal.workloadId, proposed)
  const start = startOf(window, present.own.now)
  const world = start === null ? present : asOf(present, start)
  const elsewhere = poolsElsewhere(present, proposed)
  const choices = choicesOf(proposed, elsewhere, chosen)
  const moved = choices.filter(({ targetId }) => elsewhere.some((pool) => pool.targetId === targetId))
  const content =
    moved.length === 0 ? replanNow(world, proposed, choices) : movedPlan(world, proposed, elsewhere, choices)
  return {
    content: { ...content, actBy: proposed.actBy, expiresAt: proposed.expiresAt },
    riskUntilStart: start === null ? null : riskUntil(present.own, start),
  }
}

/** Pools of the workload that serve and that the plan leaves as they are; none where its actions cannot go elsewhere. */
export function poolsElsewhere({ own }: SagaInput, { actions, evidence }: PlanContent): CapacitySnapshot[] {
  if (!actions.every(({ kind }) => movable.includes(kind))) return []
  const planned = new Set([evidence.capacity.targetId, ...actions.map(({ targetId }) => targetId)])
  return [own.capacity, ...own.otherPools].filter((pool) => serves(pool) && !planned.has(pool.targetId))
}

/** @throws ConflictError while another proposal waits that would write one of the same targets */
export async function refuseTaken(tx: Tx, proposal: Proposal, content: PlanContent): Promise<void> {
  const reach = reachOf(proposal.workloadId, content)
  const others = await inTheWay(tx, proposal.workloadId, reach)
  const taken = others.find(
    ({ id, touchedTargetIds }) =>
      id !== proposal.id && touchedTargetIds.some((target) => reach.touchedTargetIds.includes(target)),
  )
  if (taken)
    throw new ConflictError(
      `#${taken.number} waits and writes one of the same targets; decide on that first.`,
    )
}

function startOf(window: RunWindow | undefined, now: string): string | null {
  if (window?.notBefore === undefined || Date.parse(window.notBefore) <= Date.parse(now)) return null
  return new Date(window.notBefore).toISOString()
}

function riskUntil({ now, forecast, capacity, otherPools }: PlanInput, start: string): number {
  const leads = forecast.leads.filter(
    ({ at }) => Date.parse(at) > Date.parse(now) && Date.parse(at) <= Date.parse(start),
  )
  if (leads.length === 0) return 0
  const standing = [capacity, ...otherPools]
    .filter(serves)
    .reduce((sum, pool) => sum + pool.capacityPerReplica * pool.desiredReplicas, 0)
  return passProbability({ levels: forecast.levels, leads, joint: forecast.joint }, standing)
}

/** Levels at any pools, in the order that the safety layer gives them; nothing is held back. */
function movedPlan(
  { own, others }: SagaInput,
  proposed: PlanContent,
  elsewhere: readonly CapacitySnapshot[],
  choices: readonly SetPointChoice[],
): PlanContent {
  const to = new Map(choices.map(({ targetId, to: level }) => [targetId, level]))
  const planned = proposed.actions.map(({ poolId, targetId, toReplicas }) => ({
    poolId,
    toReplicas: to.get(targetId) ?? toReplicas,
  }))
  const added = elsewhere.flatMap(({ poolId, targetId }) => {
    const toReplicas = to.get(targetId)
    return toReplicas === undefined ? [] : [{ poolId, toReplicas }]
  })
  return replanLevels([own, ...others], [...planned, ...added])
}

/** One number is for the plan's one action; a list names the target of each. */
function choicesOf(
  proposed: PlanContent,
  elsewhere: readonly CapacitySnapshot[],
  { toReplicas, setPoints }: Omit<CounterChoice, 'window'>,
): SetPointChoice[] {
  const { actions, evidence } = proposed
  if (toReplicas !== undefined) {
    if (actions.length > 1) {
      throw new InvalidInputError(
        `This proposal has ${actions.length} actions, and one number does not say which is meant.`,
        [{ path: 'toReplicas', message: 'is for one action', expected: 'setPoints: [{ targetId, to }]' }],
      )
    }
    return [{ targetId: actions[0]?.targetId ?? evidence.capacity.targetId, to: toReplicas }]
  }
  const kinds = kindsOffered(proposed)
  const own = actions.length > 0 ? actions.map(({ targetId }) => targetId) : [evidence.capacity.targetId]
  const targets = [...own, ...elsewhere.map(({ targetId }) => targetId)]
  const chosen = setPoints ?? []
  const faults = chosen.flatMap(({ targetId, kind }, i) => {
    const path = `setPoints.${i}.targetId`
    if (!targets.includes(targetId)) return [{ path, message: 'is of no action of the proposal' }]
    const twice = chosen.findIndex((other) => other.targetId === targetId) !== i
    if (twice) return [{ path, message: 'is there twice' }]
    const offered = kinds.get(targetId) ?? []
    if (kind === undefined || offered.includes(kind)) return []
    const expected = offered.length > 0 ? offered.join(' or ') : 'no kind'
    return [{ path: `setPoints.${i}.kind`, message: 'is neither proposed nor an alternative here', expected }]
  })
  if (faults.length > 0)
    throw new InvalidInputError('A set-point, or its kind, is of no action of this proposal.', faults)
  return chosen
}

/** By target, what the proposal and its alternatives do to it; none for a plan of one number, which has no other kind. */
function kindsOffered({ purpose, inverse, actions, alternatives }: PlanContent): Map<string, ActionKind[]> {
  if (!isSaga({ purpose, inverse })) return new Map()
  const all = [...actions, ...alternatives.flatMap((alternative) => alternative.actions)]
  return new Map(
    actions.map(({ targetId }) => [
      targetId,
      [...new Set(all.flatMap((action) => (action.targetId === targetId ? [action.kind] : [])))],
    ]),
  )
}
