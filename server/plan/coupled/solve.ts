import { allocationUsd, isFeasible } from './cost.ts'
import { greedyAllocation, searchFrom } from './greedy.ts'
import { solveByPrices } from './prices.ts'
import type { Allocation, AllocationProblem, Solution } from './problem.ts'
import type { SolveLimits, Solver } from './solver.ts'
import { sparseModel } from './sparse.ts'

/** Up to this many whole-number columns the problem goes to the solver in one piece. */
const wholeColumns = 160

/** A tenth of a percent is finer than any forecast. Nodes, not seconds, end the search. */
export const ordinaryLimits: SolveLimits = { relativeGap: 1e-3, maxNodes: 2_000, timeLimitSeconds: 20 }

/**
 * An allocation within every bound and rule, at the least cost found: by one mixed-integer programme, by prices where that would be too large,
 * by local search alone without a solver or where it has nothing to offer. Never dearer than what local search finds.
 * null where no allocation keeps the rules; `conflictingRules` says which of them.
 */
export function solveAllocation(
  problem: AllocationProblem,
  solver: Solver | null,
  limits: SolveLimits = ordinaryLimits,
): Solution | null {
  const columns = problem.members.reduce((sum, { choices }) => sum + choices.length, 0)
  if (solver !== null && columns > wholeColumns && problem.members.length > 1) {
    const { candidates, boundUsd, timeStruck } = solveByPrices(problem, solver, limits)
    const found = candidates
      .map((candidate) => searchFrom(problem, candidate, 3))
      .reduce((best, next) => cheaper(problem, best, next), null)
    if (found !== null) return finish(problem, found, boundUsd, 'prices', timeStruck)
    const searched = greedyAllocation(problem)
    return searched && finish(problem, searched, boundUsd, 'greedy', timeStruck)
  }
  const searched = greedyAllocation(problem)
  return solver === null
    ? searched && finish(problem, searched, null, 'greedy', false)
    : solveWhole(problem, solver, limits, searched)
}

/** One programme, started from what local search found, and never dearer than that. */
function solveWhole(
  problem: AllocationProblem,
  solver: Solver,
  limits: SolveLimits,
  searched: Allocation | null,
): Solution | null {
  const model = sparseModel(problem, true)
  const solved = solver(model, limits, searched === null ? undefined : model.write(searched))
  if (solved.status === 'infeasible') return null
  const read = solved.status === 'none' ? null : model.read(solved.values)
  const found = read !== null && isFeasible(problem, read) ? read : null
  const best = cheaper(problem, found, searched)
  const proven = Number.isFinite(solved.bound) ? solved.bound + model.constantUsd : null
  return best && finish(problem, best, proven, found === null ? 'greedy' : 'mip', solved.timeStruck)
}

function cheaper(problem: AllocationProblem, a: Allocation | null, b: Allocation | null): Allocation | null {
  if (a === null || b === null) return a ?? b
  return allocationUsd(problem, b) < allocationUsd(problem, a) ? b : a
}

function finish(
  problem: AllocationProblem,
  allocation: Allocation,
  boundUsd: number | null,
  method: Solution['method'],
  timeStruck: boolean,
): Solution {
  const costUsd = allocationUsd(problem, allocation)
  const gap = boundUsd === null ? null : costUsd <= 0 ? 0 : Math.max(0, (costUsd - boundUsd) / costUsd)
  return { allocation, costUsd, boundUsd, gap, method, timeStruck }
}
