import { expect, test } from 'vitest'
import type { PoolTerms } from '../dynamics/terms.ts'
import { PoolController } from './controller.ts'
import { chargeTrust, closeTrustBlock, freshTrust, trustBlockSteps, trustOf } from './trust.ts'

const BLOCK = trustBlockSteps(3)

/** Trust after blocks in which each of these was gained. */
function after(gains: readonly number[], trust = freshTrust()): number {
  for (const gain of gains) {
    for (let k = 0; k < BLOCK; k++) chargeTrust(trust, 10 + gain / BLOCK, 10)
    closeTrustBlock(trust, BLOCK)
  }
  return trustOf(trust)
}

test('before there is evidence the autoscaler has half of the say', () => {
  expect(trustOf(freshTrust())).toBeCloseTo(1 / 2, 12)
})

test('one lucky block is no proof, and many small gains are', () => {
  expect(after([1_000])).toBeLessThan(0.9)
  expect(after(new Array(30).fill(1))).toBeGreaterThan(0.99)
  expect(after(Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 10 : -10)))).toBeLessThan(0.6)
})

test('what was long earned does not outweigh what was lost of late', () => {
  const trust = freshTrust()
  expect(after(new Array(300).fill(1), trust)).toBeGreaterThan(0.99)
  expect(after(new Array(60).fill(-1), trust)).toBeLessThan(0.2)
})

test('a block is long enough to see what was ordered in it', () => {
  expect(trustBlockSteps(1)).toBe(12)
  expect(trustBlockSteps(90)).toBe(91)
})

const TERMS: PoolTerms = {
  stepSeconds: 60,
  capacityPerReplica: 2,
  minReplicas: 1,
  maxReplicas: 60,
  pricePerReplicaHour: 1,
  leadTimeSeconds: 180,
  leadSeed: 1,
  approvalDelaySeconds: 0,
  removeDelaySeconds: 0,
  penaltyPerReplicaHourShort: 20,
  shortfallUtilisation: 0.85,
  startCost: 0,
  removeCost: 0,
}
const demandAt = (k: number): number => 30 + 8 * Math.sin(k / 9)
/** A forecast that is wrong by this factor. */
const forecastOf = (k: number, wrong: number) => ({
  levels: [0.5, 0.99],
  leads: [1, 2, 3, 4, 5].map((lead) => [1, 1.02].map((share) => share * wrong * demandAt(k + lead))),
})

function controllerAfter(steps: number, wrong: number): PoolController {
  const controller = new PoolController({ terms: TERMS, latency: null, initialReplicas: 20 })
  for (let k = 0; k < steps; k++)
    controller.advance({ demand: demandAt(k), gap: false, forecast: forecastOf(k, wrong) })
  return controller
}

test('control that was taken on a plan that costs more begins as the autoscaler from where the pool is', () => {
  const controller = controllerAfter(600, 0.2)
  controller.takeControl(33)
  const { incumbent, guard } = controller.toJSON()
  expect(incumbent).toMatchObject({ name: guard.reactive, pool: { ready: 33 } })
  expect(controller.desired()).toBe(incumbent?.decided)
  const { candidates, reasons } = controller.advice()
  expect(candidates[0]?.name).toBe(guard.reactive)
  expect(reasons.join(' ')).toMatch(/gives the plan \d+% of the say/)
})

test('control that was taken on a plan that saves follows the plan', () => {
  const controller = controllerAfter(600, 1)
  const before = controller.desired()
  controller.takeControl(60)
  expect(controller.desired()).toBe(before)
  expect(controller.advice().reasons).toContain('What is known so far is enough to let the plan decide.')
})

test('control of a pool about which nothing was seen changes nothing', () => {
  const controller = new PoolController({ terms: TERMS, latency: null, initialReplicas: 20 })
  controller.takeControl(33)
  expect(controller.toJSON().incumbent).toBeNull()
  expect(controller.desired()).toBeNull()
})

test('a state with an autoscaler of its own goes on byte for byte', () => {
  const whole = controllerAfter(200, 0.9)
  whole.takeControl(12)
  const rest = new PoolController(
    { terms: TERMS, latency: null, initialReplicas: 1 },
    JSON.parse(JSON.stringify(whole)),
  )
  for (let k = 200; k < 300; k++)
    for (const each of [whole, rest])
      each.advance({ demand: demandAt(k), gap: false, forecast: forecastOf(k, 0.9) })
  expect(JSON.stringify(rest)).toBe(JSON.stringify(whole))
})
