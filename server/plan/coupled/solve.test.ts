import { expect, test } from 'vitest'
import { allocationUsd, isFeasible } from './cost.ts'
import type { Allocation, AllocationProblem } from './problem.ts'
import { solveAllocation } from './solve.ts'
import { loadSolver } from './solver.ts'
import { syntheticFleet } from './testing/any-problem.ts'

const solver = await loadSolver()
const exact = { relativeGap: 0, maxNodes: 100_000, timeLimitSeconds: 60 }

/** Every allocation within bounds, one after the other. */
function bruteForce(problem: AllocationProblem): { costUsd: number } | null {
  const flat = problem.members.flatMap(({ choices }, m) => choices.map((choice, j) => ({ ...choice, m, j })))
  const at: Allocation = problem.members.map(({ choices }) => new Int32Array(choices.length))
  let best: number | null = null
  const visit = (i: number) => {
    const place = flat[i]
    if (place === undefined) {
      if (!isFeasible(problem, at)) return
      const costUsd = allocationUsd(problem, at)
      if (best === null || costUsd < best) best = costUsd
      return
    }
    for (let x = place.lower; x <= place.upper; x++) {
      const row = at[place.m]
      if (row !== undefined) row[place.j] = x
      visit(i + 1)
    }
  }
  visit(0)
  return best === null ? null : { costUsd: best }
}

const tiny = { members: 2, offerings: 5, periods: 2, points: 6, growth: 3, quotaShare: 0.9 }

test('the mixed-integer programme costs what the best of all allocations costs', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const problem = {
      ...syntheticFleet({ ...tiny, members: 1 + (seed % 2), offerings: 3 + (seed % 3) }, seed),
    }
    const found = solveAllocation(problem, solver, exact)
    const brute = bruteForce(problem)
    expect(found?.method).toBe('mip')
    expect(found?.costUsd).toBeCloseTo(brute?.costUsd ?? Number.NaN, 6)
    expect(found?.gap).toBeLessThan(1e-6)
    expect(isFeasible(problem, found?.allocation ?? [])).toBe(true)
  }
}, 60_000)

test('prices come within their proven gap, and the gap is small', () => {
  const problem = syntheticFleet(
    { members: 16, offerings: 12, periods: 2, points: 8, growth: 1e9, quotaShare: 0.5 },
    3,
  )
  const found = solveAllocation(problem, solver)
  expect(found?.method).toBe('prices')
  expect(isFeasible(problem, found?.allocation ?? [])).toBe(true)
  expect(found?.costUsd).toBeGreaterThanOrEqual(found?.boundUsd ?? Number.POSITIVE_INFINITY)
  expect(found?.gap).toBeLessThan(0.06)
}, 60_000)

test('without a solver the plan is feasible, and no better than with one', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const problem = syntheticFleet({ ...tiny, members: 6, offerings: 8, growth: 20 }, seed)
    const alone = solveAllocation(problem, null)
    const solved = solveAllocation(problem, solver, { ...exact, relativeGap: 0.02 })
    expect(alone?.method).toBe('greedy')
    expect(alone?.gap).toBeNull()
    expect(isFeasible(problem, alone?.allocation ?? [])).toBe(true)
    expect(solved?.costUsd).toBeLessThanOrEqual((alone?.costUsd ?? 0) + 1e-9)
  }
}, 60_000)

test('the same problem gives the same plan', () => {
  const problem = syntheticFleet({ ...tiny, members: 4, offerings: 8, growth: 20 }, 5)
  expect(solveAllocation(structuredClone(problem), solver)).toEqual(solveAllocation(problem, solver))
})
