import { ruleValue } from './cost.ts'
import { atPrices, choose, isShared, partsOf } from './parts.ts'
import type { Allocation, AllocationProblem, Rule } from './problem.ts'
import { clippedStart, LocalSearch } from './search.ts'

/** Rounds in which prices follow what is over- and underused; their steps shrink. */
const rounds = 12

/** Sweeps of the local search over all members; it ends by itself long before. */
const maxSweeps = 100

/**
 * An allocation without a solver: prices of the shared rules rise where their limits are passed and fall where there is room
 * (subgradient steps; Held & Karp 1971), each member chooses at them, what is still passed is mended at the least cost,
 * and the room that is left is used. null where it finds nothing that keeps every rule.
 */
export function greedyAllocation(problem: AllocationProblem): Allocation | null {
  const start = clippedStart(problem)
  const shared = problem.rules.filter(isShared)
  if (shared.length === 0) return searchFrom(problem, start)
  const parts = partsOf(problem)
  const scales = shared.map((rule) => unitUsd(problem, rule))
  const prices = new Float64Array(shared.length)
  let allocation = start
  for (let round = 1; round <= rounds; round++) {
    const members = atPrices(parts, shared, prices)
    allocation = members.map((member, m) => {
      const from = allocation[m] ?? new Int32Array()
      return choose(member, parts[m]?.rules ?? [], from).replicas
    })
    for (const [r, rule] of shared.entries()) {
      const step = (scales[r] ?? 0) / Math.sqrt(round)
      prices[r] = nextPrice(rule, ruleValue(rule, allocation), prices[r] ?? 0, step)
    }
  }
  return searchFrom(problem, allocation) ?? searchFrom(problem, start)
}

/** Mends, at the least cost, what breaks a rule, and then improves what does not have to. */
export function searchFrom(
  problem: AllocationProblem,
  start: Allocation,
  sweeps = maxSweeps,
): Allocation | null {
  const search = new LocalSearch(problem, start)
  const steps = 100 * (problem.rules.length + problem.members.length)
  return search.mend(steps) && search.run(sweeps) ? search.allocation : null
}

/** Mean running cost of what uses one unit of a rule's limit. */
function unitUsd({ members }: AllocationProblem, { terms }: Rule): number {
  const rates = terms.map(({ member, choice, coefficient }) => {
    return (members[member]?.choices[choice]?.costUsd ?? 0) / Math.max(1e-9, Math.abs(coefficient))
  })
  return rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length)
}

function nextPrice({ lower, upper }: Rule, used: number, price: number, step: number): number {
  const by = (limit: number) => Math.max(-1, Math.min(1, (used - limit) / Math.max(1, Math.abs(limit))))
  if (Number.isFinite(upper)) return Math.min(0, price - step * by(upper))
  return Number.isFinite(lower) ? Math.max(0, price - step * by(lower)) : 0
}
