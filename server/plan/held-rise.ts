import { type PlanInput, type PolicyResult, serves } from './contract.ts'
import { judgeOf, poolsOfInput } from './judge.ts'
import { poolAction } from './pool-action.ts'
import { keyOf, refusals } from './rules/nearest.ts'

/**
 * What keeps every pool of the workload from taking even one replica more, one result per rule or bound; empty where some
 * pool may. Soft rules count: a planner has nobody to let it pass.
 */
export function whatHoldsRises(input: PlanInput): PolicyResult[] {
  const judge = judgeOf(input)
  const held = poolsOfInput(input)
    .filter(serves)
    .map((pool) =>
      refusals(judge({ actions: [poolAction(pool, pool.desiredReplicas + 1, input.workload.id)] })),
    )
  if (held.some((results) => results.length === 0)) return []
  return [...new Map(held.flat().map((result) => [keyOf(result), result])).values()]
}
