import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { PoolDynamics, totalCostOf } from '../../plan/index.ts'
import { clairvoyant } from './clairvoyant.ts'
import { initialReplicasOf, type Scene } from './simulate.ts'
import { anyScene, sceneFrom, wavyDemand } from './testing/scenes.ts'

/** A machine that is busy takes its time. */
vi.setConfig({ testTimeout: 30_000 })

const optimum = (scene: Scene) => clairvoyant(scene, { keepObjective: false }).totalCost

/** Cheapest of all sequences of positions, through the pool itself. */
function bruteForce(scene: Scene): number {
  const { terms, demand, gap, from, to } = scene
  const explore = (pool: PoolDynamics, cost: number): number => {
    if (pool.step === to - from) return cost
    let best = Number.POSITIVE_INFINITY
    for (let desired = terms.minReplicas; desired <= terms.maxReplicas; desired++) {
      const next = new PoolDynamics(terms, pool.toJSON())
      const i = from + pool.step
      const account = next.advance(desired, demand[i] ?? 0, gap[i] === 1)
      best = Math.min(best, explore(next, cost + totalCostOf(account)))
    }
    return best
  }
  return explore(new PoolDynamics(terms, initialReplicasOf(scene)), 0)
}

test('the optimum is what brute force over all sequences of positions finds', () => {
  fc.assert(
    fc.property(
      fc.record({
        demand: fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 5 }),
        gaps: fc.array(fc.nat({ max: 4 }), { maxLength: 1 }),
        leadTimeSeconds: fc.constantFrom<(number | number[])[]>(0, 60, 120, 180, [0, 120], [60, 60, 240]),
        leadSeed: fc.nat(),
        removeDelaySeconds: fc.constantFrom(0, 0, 60, 120),
        penaltyPerReplicaHourShort: fc.constantFrom(1.2, 2, 5, 20),
        startCost: fc.constantFrom(0, 0.005, 0.05),
        removeCost: fc.constantFrom(0, 0.005),
        initialReplicas: fc.integer({ min: 1, max: 4 }),
      }),
      ({ demand, gaps, ...config }) => {
        const scene = sceneFrom({ demand, gaps }, { ...config, evalFrom: 0, maxReplicas: 4 })
        expect(optimum(scene)).toBeCloseTo(bruteForce(scene), 9)
      },
    ),
    { numRuns: 60 },
  )
})

test('over seven steps too', () => {
  const scene = sceneFrom(
    { demand: [1, 4, 4, 0.5, 0.5, 3, 3] },
    { evalFrom: 0, maxReplicas: 4, leadTimeSeconds: 100, initialReplicas: 1, penaltyPerReplicaHourShort: 3 },
  )
  expect(optimum(scene)).toBeCloseTo(bruteForce(scene), 12)
})

test('the optimum never falls with a longer lead', () => {
  fc.assert(
    fc.property(anyScene, fc.nat({ max: 20 }), fc.nat({ max: 20 }), (scene, lead, more) => {
      const at = (steps: number) =>
        optimum({
          ...scene,
          terms: { ...scene.terms, leadTimeSeconds: steps * scene.terms.stepSeconds },
        })
      expect(at(lead + more)).toBeGreaterThanOrEqual(at(lead) * (1 - 1e-9))
    }),
    { numRuns: 60 },
  )
})

test('with the objective kept, every step that lead time allows keeps it', () => {
  const scene = sceneFrom({ demand: wavyDemand(200) }, { sloP99Seconds: 1.5 })
  const free = clairvoyant(scene, { keepObjective: false })
  const kept = clairvoyant(scene, { keepObjective: true })
  const own = kept.accounts.reduce((sum, account) => sum + totalCostOf(account), 0)
  expect(own).toBeGreaterThanOrEqual(free.totalCost)
  // Nothing ordered in the window is ready before its sixth step.
  for (const { ready, step } of kept.accounts.slice(5)) {
    expect(ready).toBeGreaterThan(scene.demand[scene.from + step] ?? 0)
  }
})

test('a problem that is too large to keep its path is refused', () => {
  const scene = sceneFrom({ demand: new Array(9_000).fill(90_000) }, { maxReplicas: 100_000 })
  expect(() => optimum(scene)).toThrow(/4500 steps and 100000 levels is too large/)
})
