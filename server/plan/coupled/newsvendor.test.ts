import { expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import type { AllocationProblem } from './problem.ts'
import { solveAllocation } from './solve.ts'
import { loadSolver } from './solver.ts'

const solver = await loadSolver()

/** Poisson(20) by inversion, and its exact expected cost at a level: κ·n + p·E[(D − n)⁺]. */
const mean = 20
const mass = Array.from({ length: 80 }, () => 0)
for (let k = 0, term = Math.exp(-mean); k < mass.length; k++, term *= mean / k) mass[k] = term
const draw = (u: number) => {
  let k = 0
  for (let sum = mass[0] ?? 0; sum < u && k < mass.length - 1; sum += mass[k] ?? 0) k++
  return k
}
const exactUsd = (level: number, penalty: number) =>
  level + penalty * mass.reduce((sum, chance, k) => sum + chance * Math.max(0, k - level), 0)

function sampled(penalty: number, samples: number, seed: number): AllocationProblem {
  const random = seededRandom(seed)
  const demands = Float64Array.from({ length: samples }, () => draw(random())).sort()
  const weights = new Float64Array(samples).fill(penalty / samples)
  const one = Float64Array.of(1)
  const choice = { current: 0, lower: 0, upper: 60, costUsd: 1, startUsd: 0, stopUsd: 0 }
  return {
    members: [{ id: 'w', choices: [choice], cases: [{ kept: one, added: one, demands, weights }] }],
    rules: [],
  }
}

test('the sample average approaches the newsvendor whose law is known', () => {
  for (const penalty of [4, 20]) {
    const best = Math.min(...Array.from({ length: 60 }, (_, level) => exactUsd(level, penalty)))
    const excess = [30, 300, 3_000].map((samples) => {
      const levels = [1, 2, 3, 4].map((seed) => {
        const found = solveAllocation(sampled(penalty, samples, seed), solver)
        return found?.allocation[0]?.[0] ?? Number.NaN
      })
      return levels.reduce((sum, level) => sum + exactUsd(level, penalty) / best - 1, 0) / levels.length
    })
    expect(excess[2]).toBeLessThanOrEqual((excess[0] ?? 0) + 1e-12)
    expect(excess[1]).toBeLessThan(0.02)
    expect(excess[2]).toBeLessThan(0.002)
  }
})
