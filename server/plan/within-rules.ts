import { scaleAction } from './assess.ts'
import type { Compliance, PlanInput } from './contract.ts'
import { figuresOf } from './figures.ts'
import { judgeOf, poolsOfInput } from './judge.ts'
import { complianceOf } from './rules/compliance.ts'
import { keyOf, nearest, refusals } from './rules/nearest.ts'

/**
 * The level nearest to a wanted one that published rules let pass, the present one where none does, and which rules held
 * it back, in words. Soft rules count: a planner has nobody to let it pass.
 */
export function withinRules(input: PlanInput, level: number): { level: number; cuts: string[] } {
  const judge = judgeOf(input)
  const wanted = { actions: [scaleAction(input, level)] }
  const published = refusals(judge(wanted)).filter(({ name }) => name !== undefined)
  if (published.length === 0) return { level, cuts: [] }
  const found = nearest({ wanted, pools: [input.capacity], judge })
  return {
    level: found?.actions[0]?.toReplicas ?? input.capacity.desiredReplicas,
    cuts: published.map((result) => `the rule ${keyOf(result)} (${result.limit})`),
  }
}

/** What stands against a level of the leading pool, and what would be made of it; undefined where nothing does. */
export function complianceAt(input: PlanInput, level: number): Compliance | undefined {
  if (level === input.capacity.desiredReplicas) return undefined
  const wanted = { actions: [scaleAction(input, level)] }
  return complianceOf({ wanted, pools: poolsOfInput(input), judge: judgeOf(input) }, figuresOf(input))
}
