import { allocationUsd, isFeasible } from './cost.ts'
import { solveByPrices } from './prices.ts'
import type { Allocation, AllocationProblem, Solution } from './problem.ts'
import { clippedStart, LocalSearch } from './search.ts'
import type { SolveLimits, Solver } from './solver.ts'
import { sparseModel } from './sparse.ts'

/** Up to this many whole-number columns the problem goes to the solver in one piece. */
const wholeColumns = 160

/** A tenth of a percent is finer than any forecast. Nodes, not seconds, end the search. */
export const ordinaryLimits: SolveLimits = { relativeGap: 1e-3, maxNodes: 2_000, timeLimitSeconds: 20 }

/** Sweeps of the local search; it ends by itself long before. */
const maxSweeps = 100

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
  const searched = searchFrom(problem, clippedStart(problem))
  if (solver === null) return searched && finish(problem, searched, null, 'greedy', false)
  const columns = problem.members.reduce((sum, { choices }) => sum + choices.length, 0)
  if (columns > wholeColumns && problem.members.length > 1) {
    const byPrices = solveByPrices(problem, solver, limits)
    const found = byPrices.allocation && mended(problem, byPrices.allocation)
    const best = cheaper(problem, found, searched)
    return best && finish(problem, best, byPrices.boundUsd, 'prices', byPrices.timeStruck)
  }
  const model = sparseModel(problem, true)
  const solved = solver(model, limits, searched === null ? undefined : model.write(searched))
  if (solved.status === 'infeasible') return null
  const read = solved.status === 'none' ? null : model.read(solved.values)
  const found = read !== null && isFeasible(problem, read) ? read : null
  const best = cheaper(problem, found, searched)
  const proven = Number.isFinite(solved.bound) ? solved.bound + model.constantUsd : null
  return best && finish(problem, best, proven, found === null ? 'greedy' : 'mip', solved.timeStruck)
}

function searchFrom(problem: AllocationProblem, start: Allocation): Allocation | null {
  const search = new LocalSearch(problem, start)
  return search.run(maxSweeps) || (search.mend(problem.rules.length * 100) && search.run(maxSweeps))
    ? search.allocation
    : null
}

/** Brings an allocation that is best at prices back within the rules, and uses what room is left. */
function mended(problem: AllocationProblem, start: Allocation): Allocation | null {
  const search = new LocalSearch(problem, start)
  const steps = start.length * 20
  return search.mend(steps) && search.run(maxSweeps) ? search.allocation : null
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
