import type { AllocationProblem, Rule } from './problem.ts'
import { clippedStart, LocalSearch } from './search.ts'
import type { Solver } from './solver.ts'
import { sparseModel } from './sparse.ts'

/** Feasibility alone: the first point that keeps everything ends the search. */
const limits = { relativeGap: 1, maxNodes: 2_000, timeLimitSeconds: 10 }

/**
 * Rules that cannot all be kept, in the words of their admin: an irreducible set, of which any one being lifted lets the
 * others be kept (deletion filter; Chinneck 2008, ch. 6). Bounds of the pools stay as they are. Empty where all can be kept.
 */
export function conflictingRules(problem: AllocationProblem, solver: Solver | null): string[] {
  const feasible = (rules: Rule[]) => isKept({ members: problem.members, rules }, solver)
  if (feasible(problem.rules)) return []
  let left = suspects(problem, solver)
  for (const rule of [...left]) {
    const without = left.filter((other) => other !== rule)
    if (!feasible(without)) left = without
  }
  return left.map(({ words }) => words)
}

/** Rules of one connected part that is infeasible by itself: what shares no member with them is not at odds with them. */
function suspects(problem: AllocationProblem, solver: Solver | null): Rule[] {
  const parts: { members: Set<number>; rules: Rule[] }[] = []
  for (const rule of problem.rules) {
    const members = new Set(rule.terms.map(({ member }) => member))
    const touching = parts.filter((part) => [...members].some((member) => part.members.has(member)))
    const joined = { members, rules: [rule] }
    for (const part of touching) {
      for (const member of part.members) joined.members.add(member)
      joined.rules = [...part.rules, ...joined.rules]
      parts.splice(parts.indexOf(part), 1)
    }
    parts.push(joined)
  }
  const broken = parts.find(({ rules }) => !isKept({ members: problem.members, rules }, solver))
  return broken?.rules ?? problem.rules
}

/** Whether some whole replicas within the bounds keep all rules; demand has no say. */
function isKept({ members, rules }: AllocationProblem, solver: Solver | null): boolean {
  const bare = { members: members.map((member) => ({ ...member, cases: [] })), rules }
  const search = new LocalSearch(bare, clippedStart(bare))
  if (search.mend(rules.length * 50)) return true
  return solver !== null && solver(sparseModel(bare, true), limits).status !== 'infeasible'
}
