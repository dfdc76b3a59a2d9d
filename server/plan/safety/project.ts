import type { Action, PlanInput, PolicyResult, Purpose } from '../contract.ts'
import { poolsOfInput } from '../judge.ts'
import { keyOf, refusals } from '../rules/nearest.ts'
import { judgeOfGroup } from './judge-group.ts'
import { composeStages, type Move } from './stages.ts'

/** Where a pool is wanted to stand; pools that are not named stay. */
export type Wanted = { poolId: string; toReplicas: number }

export type Projected = {
  /** In stages, each of rises or of falls alone; at most one action per pool. Empty: nothing of it can be done. */
  actions: Action[]
  /** What was held back and why, in words. */
  cuts: string[]
}

/** The levels that a projection leads to are projected again until they stay; twice is the rule. */
const maxPasses = 20

/**
 * Any wanted levels as a saga that stays within every bound, step, quota, budget and rule at every moment of its stages:
 * what is added comes first, and is taken away only once what was added stands verified, so that no workload ever has
 * less than the lesser of what it has and what it was meant to have. What does not fit is held back, and said. Projecting
 * the outcome again changes nothing. The first input is the one whose proposal it is.
 */
export function project(
  inputs: readonly PlanInput[],
  wanted: readonly Wanted[],
  purpose?: Purpose,
): Projected {
  const judge = judgeOfGroup(inputs)
  const refused = (actions: Action[]) => refusals(judge({ actions, ...(purpose ? { purpose } : {}) }))
  const once = (levels: readonly Wanted[]) => composeStages(movesOf(inputs, levels), ownerOf(inputs), refused)
  const first = once(wanted)
  let { actions } = first
  for (let i = 1; i < maxPasses; i++) {
    const next = once(actions)
    if (JSON.stringify(next.actions) === JSON.stringify(actions)) break
    actions = next.actions
  }
  return { actions, cuts: cutsOf(inputs, wanted, actions, first.why) }
}

/** Wanted levels in the same order, with nothing held back: what a person asks for is shown with what it breaks. */
export function staged(inputs: readonly PlanInput[], wanted: readonly Wanted[]): Action[] {
  return composeStages(movesOf(inputs, wanted), ownerOf(inputs), () => []).actions
}

function ownerOf(inputs: readonly PlanInput[]): string {
  return inputs[0]?.workload.id ?? ''
}

function movesOf(inputs: readonly PlanInput[], wanted: readonly Wanted[]): Move[] {
  const levels = new Map(wanted.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  return inputs.flatMap((input) =>
    poolsOfInput(input).flatMap((pool): Move[] => {
      const by = (levels.get(pool.poolId) ?? pool.desiredReplicas) - pool.desiredReplicas
      const workloadId = pool.workloadId ?? input.workload.id
      return by === 0 ? [] : [{ pool: { ...pool, workloadId }, by }]
    }),
  )
}

/** "the rule eu-only (EU)", "the cost limit of at most $12.00/h". */
function wordsOf(result: PolicyResult): string {
  return result.name === undefined
    ? `the ${result.rule.replaceAll('-', ' ')} (${result.limit})`
    : `the rule ${keyOf(result)} (${result.limit})`
}

function cutsOf(
  inputs: readonly PlanInput[],
  wanted: readonly Wanted[],
  actions: readonly Action[],
  why: ReadonlyMap<string, PolicyResult | 'order'>,
): string[] {
  const done = new Map(actions.map(({ poolId, toReplicas }) => [poolId, toReplicas]))
  const pools = new Map(inputs.flatMap(poolsOfInput).map((pool) => [pool.poolId, pool]))
  return wanted.flatMap(({ poolId, toReplicas }) => {
    const pool = pools.get(poolId)
    const level = done.get(poolId) ?? pool?.desiredReplicas
    if (pool === undefined || level === undefined || level === toReplicas) return []
    const cause = why.get(poolId) ?? 'order'
    const reason =
      cause === 'order'
        ? 'what is to take its place cannot all be added first'
        : `${wordsOf(cause)} allows no more`
    return [`${pool.targetName} on ${pool.domain.name} goes to ${level} instead of ${toReplicas}: ${reason}`]
  })
}
