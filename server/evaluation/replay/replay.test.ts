import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { totalCostOf } from '../../plan/index.ts'
import type { ReplayPolicy } from '../contract.ts'
import { clairvoyant } from './clairvoyant.ts'
import { policies } from './policies/policies.ts'
import { replay } from './replay.ts'
import { type Scene, simulate } from './simulate.ts'
import { anyScene, sceneFrom, wavyDemand } from './testing/scenes.ts'

/** A machine that is busy takes its time. */
vi.setConfig({ testTimeout: 30_000 })

/** Quick ones; those with a forecaster are run where one scene is enough. */
const quick = ['hpa', 'hpa-offered', 'hpa-tuned', 'kpa', 'static'] as const
const causal = [...quick, 'reactive-floor', 'infrasage'] as const
const readyOf = (scene: Scene, policy: ReplayPolicy) =>
  replay(scene, policy).accounts.map(({ ready }) => ready)

test('without gaps, units served and the final backlog are the units that arrived', () => {
  for (const policy of causal) {
    const scene = sceneFrom({ demand: wavyDemand(400) })
    const { accounts } = replay(scene, policy)
    const arrived = scene.demand.subarray(scene.from).reduce((sum, d) => sum + d * 60, 0)
    const served = accounts.reduce((sum, account) => sum + account.served, 0)
    expect(served + (accounts.at(-1)?.backlog ?? 0)).toBeCloseTo(arrived, 6)
  }
})

test('without demand everything settles at the minimum, without penalty', () => {
  const demand = Array.from({ length: 200 }, (_, i) => (i < 100 ? 8 : 0))
  for (const policy of ['hpa', 'hpa-offered', 'hpa-tuned', 'kpa'] as const) {
    const { accounts, scores } = replay(sceneFrom({ demand }, { minReplicas: 2 }), policy)
    expect(accounts.at(-1)?.ready, policy).toBe(2)
    expect(scores.penaltyCost).toBe(0)
  }
  const none = sceneFrom({ demand: demand.map(() => 0) }, { minReplicas: 2 })
  for (const policy of [...causal, 'clairvoyant', 'clairvoyant-slo'] as const) {
    const { accounts, scores } = replay(none, policy)
    expect(accounts.at(-1)?.ready, policy).toBe(2)
    expect(scores).toMatchObject({ penaltyCost: 0, violationShareDemand: 0, p99Seconds: 0 })
  }
})

test('fourteen busy replicas at 70%: the pod autoscaler of Knative takes 20, those of Kubernetes 19 to 22', () => {
  for (const initialReplicas of [1, 14, 20, 60]) {
    const scene = sceneFrom({ demand: new Array(240).fill(14) }, { initialReplicas, evalFrom: 0.2 })
    expect(readyOf(scene, 'kpa').slice(-100)).toEqual(new Array(100).fill(20))
    for (const policy of ['hpa', 'hpa-offered'] as const) {
      const settled = [...new Set(readyOf(scene, policy).slice(-100))]
      expect(settled, policy).toHaveLength(1)
      expect(settled[0]).toBeGreaterThanOrEqual(19)
      expect(settled[0]).toBeLessThanOrEqual(22)
    }
  }
})

test('a step of demand is seen one step later, and its order is ready exactly after approval and lead', () => {
  const at = 30
  const demand = Array.from({ length: 80 }, (_, i) => (i < 20 + at ? 7 : 21))
  const delays = { leadTimeSeconds: 290, approvalDelaySeconds: 110, evalFrom: 0.25 }
  for (const policy of ['hpa', 'hpa-offered', 'kpa'] as const) {
    const { accounts } = replay(sceneFrom({ demand }, delays), policy)
    expect(accounts.findIndex(({ ordered }) => ordered > 0)).toBe(at + 1)
    expect(accounts.findIndex(({ inFlight }) => inFlight > 0)).toBe(at + 1 + 2)
    expect(accounts.findIndex(({ ready }) => ready > 10)).toBe(at + 1 + 2 + 5)
  }
})

test('nothing from a step on changes a decision up to that step', () => {
  fc.assert(
    fc.property(
      anyScene,
      fc.nat({ max: 79 }),
      fc.double({ min: 0, max: 99, noNaN: true }),
      (scene, cut, other) => {
        const step = Math.min(cut, scene.to - scene.from - 1)
        const changed = scene.demand.map((d, i) => (i < scene.from + step ? d : other))
        for (const policy of quick) {
          const decided = (demand: Float64Array) =>
            simulate({ ...scene, demand }, policies[policy])
              .accounts.slice(0, step + 1)
              .map(({ ordered, removed }) => ordered - removed)
          // The auto start of a window that has no history reads its first step; all else is the past alone.
          if (scene.from + step > 0) expect(decided(changed)).toEqual(decided(scene.demand))
        }
      },
    ),
    { numRuns: 60 },
  )
})

test.each(['reactive-floor', 'infrasage'] as const)('neither does what %s forecasts', (policy) => {
  const demand = wavyDemand(160)
  const scene = sceneFrom({ demand })
  const step = 40
  const changed = scene.demand.map((d, i) => (i < scene.from + step ? d : 70))
  const decided = (values: Float64Array) =>
    simulate({ ...scene, demand: values }, policies[policy])
      .accounts.slice(0, step + 1)
      .map(({ ordered, removed }) => ordered - removed)
  expect(decided(changed)).toEqual(decided(scene.demand))
})

test('no policy costs less than the optimum', () => {
  fc.assert(
    fc.property(anyScene, (scene) => {
      const { totalCost, accounts } = clairvoyant(scene, { keepObjective: false })
      const own = accounts.reduce((sum, account) => sum + totalCostOf(account), 0)
      expect(Math.abs(own - totalCost)).toBeLessThanOrEqual(1e-9 * Math.max(1, totalCost))
      for (const policy of [...quick, 'clairvoyant-slo'] as const) {
        expect(replay(scene, policy).scores.totalCost, policy).toBeGreaterThanOrEqual(totalCost * (1 - 1e-9))
      }
    }),
    { numRuns: 60 },
  )
  const scene = sceneFrom({ demand: wavyDemand(300) })
  const { totalCost } = clairvoyant(scene, { keepObjective: false })
  expect(replay(scene, 'reactive-floor').scores.totalCost).toBeGreaterThan(totalCost)
})

test('the floor of a forecast is never passed downwards', () => {
  const scene = sceneFrom({ demand: wavyDemand(400) })
  const floored = replay(scene, 'reactive-floor')
  const plain = replay(scene, 'hpa-tuned')
  expect(floored.note).toMatch(/^target=0\.[579] stab=(60|300|900)$/)
  expect(floored.scores.violationShareDemand).toBeLessThan(plain.scores.violationShareDemand)
})

test('gap steps are served but not scored', () => {
  const demand = wavyDemand(120)
  const gaps = [70, 71, 72, 100]
  const { scores, accounts } = replay(sceneFrom({ demand, gaps }, { startCost: 1 }), 'hpa-offered')
  expect(scores).toMatchObject({ steps: 60, gapSteps: 4 })
  for (const gap of gaps) {
    const account = accounts[gap - 60]
    expect(account).toMatchObject({ infraCost: 0, penaltyCost: 0 })
    expect(account?.backlog).toBeLessThanOrEqual(account?.backlogBefore ?? 0)
    expect(account?.served).toBeGreaterThan(0)
  }
})
