import type { Allocation, AllocationProblem, Member, Rule } from './problem.ts'
import { clippedStart, LocalSearch } from './search.ts'
import type { SolveLimits, Solver } from './solver.ts'
import { sparseModel } from './sparse.ts'

/** One member at given prices is small; a percent of it is far below the gap of the whole. */
const memberLimits = { relativeGap: 2e-3, maxNodes: 50 }

export type PricedAllocation = {
  /** Best at the prices; may break rules that several members share. null where the solver gave nothing. */
  allocation: Allocation | null
  boundUsd: number | null
  timeStruck: boolean
}

/**
 * Price decomposition: the linear relaxation of the whole gives every shared rule its price; at these prices each member
 * chooses whole replicas by a small programme of its own. The sum of their bounds, less what the rules would earn, is a lower bound of
 * the whole (Lagrangian relaxation; Geoffrion 1974), at least as good as that of the linear relaxation.
 */
export function solveByPrices(
  problem: AllocationProblem,
  solver: Solver,
  limits: SolveLimits,
): PricedAllocation {
  const relaxed = sparseModel(problem, false)
  const priced = solver(relaxed, limits)
  if (priced.status !== 'optimal') {
    return { allocation: null, boundUsd: null, timeStruck: priced.timeStruck }
  }
  const price = (r: number) => priced.rowDuals[relaxed.firstRule + r] ?? 0
  const shared = problem.rules.map(({ terms }) => terms.some(({ member }) => member !== terms[0]?.member))
  const surcharge = problem.members.map(({ choices }) => new Float64Array(choices.length))
  const own: Rule[][] = problem.members.map(() => [])
  let earned = 0
  for (const [r, rule] of problem.rules.entries()) {
    if (!shared[r]) {
      const member = rule.terms[0]?.member
      if (member !== undefined)
        own[member]?.push({ ...rule, terms: rule.terms.map((term) => ({ ...term, member: 0 })) })
      continue
    }
    const y = price(r)
    if (y === 0) continue
    earned += y * (y < 0 ? rule.upper : rule.lower)
    for (const { member, choice, coefficient } of rule.terms) {
      const row = surcharge[member]
      if (row !== undefined) row[choice] = (row[choice] ?? 0) - y * coefficient
    }
  }
  let bound = earned
  let timeStruck = false
  const allocation = problem.members.map((member, m) => {
    const part = { members: [atPrices(member, surcharge[m])], rules: own[m] ?? [] }
    const chosen = chooseAlone(part, solver, limits)
    bound += chosen.boundUsd
    timeStruck ||= chosen.timeStruck
    return chosen.replicas
  })
  const relaxedBound = priced.objective + relaxed.constantUsd
  return { allocation, boundUsd: Math.max(bound, relaxedBound), timeStruck }
}

function atPrices(member: Member, surcharge: Float64Array | undefined): Member {
  const choices = member.choices.map((choice, j) => ({
    ...choice,
    costUsd: choice.costUsd + (surcharge?.[j] ?? 0),
  }))
  return { ...member, choices }
}

function chooseAlone(part: AllocationProblem, solver: Solver, limits: SolveLimits) {
  const search = new LocalSearch(part, clippedStart(part))
  const searched = search.run(50)
  const model = sparseModel(part, true)
  const start = searched ? model.write(search.allocation) : undefined
  const solved = solver(model, { ...limits, ...memberLimits }, start)
  const found = solved.status === 'optimal' || solved.status === 'feasible'
  const replicas = (found ? model.read(solved.values) : search.allocation)[0] ?? new Int32Array()
  return { replicas, boundUsd: solved.bound + model.constantUsd, timeStruck: solved.timeStruck }
}
