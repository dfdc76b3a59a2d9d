import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/rng.ts'
import { BODY, INPUTS, LEAD_INVERSE, LEAD_LOG, LEVEL, PARAMETERS, ROW } from './net-shape.ts'
import { QuantileNet } from './quantile-net.ts'
import { fisherOf, freshWeights, train } from './train.ts'
import type { Rows } from './training-rows.ts'

function fillInputs(x: Float64Array, random: () => number): void {
  for (let i = 0; i < INPUTS; i++) x[i] = 6 * (random() - 0.5)
  x[LEVEL] = 0.95 * random()
  const lead = 1 + Math.floor(12 * random())
  x[LEAD_LOG] = Math.log2(lead) / 4
  x[LEAD_INVERSE] = 1 / lead
}

function lossWith(net: QuantileNet, weights: Float64Array, target: number): number {
  net.begin(weights, weights.subarray(BODY))
  net.forward(weights, weights.subarray(BODY))
  return net.loss(target)
}

/** Rows whose target is `slope` times the first input, plus noise. */
function linearRows(slope: number, count: number, seed: number): Rows {
  const random = seededRandom(seed)
  const values = new Float32Array(count * ROW)
  const x = new Float64Array(INPUTS)
  for (let row = 0; row < count; row++) {
    fillInputs(x, random)
    x[LEVEL] = 0.99
    values.set(x, row * ROW)
    values[row * ROW + INPUTS] = slope * (x[0] ?? 0) + random() - 0.5
  }
  return { values, count }
}

function meanLoss(weights: Float64Array, rows: Rows): number {
  const net = new QuantileNet()
  let sum = 0
  for (let row = 0; row < rows.count; row++) {
    net.x.set(rows.values.subarray(row * ROW, row * ROW + INPUTS))
    sum += lossWith(net, weights, rows.values[row * ROW + INPUTS] ?? 0)
  }
  return sum / rows.count
}

describe('the quantile net', () => {
  test('its gradient is the slope of its loss, for every parameter', () => {
    const random = seededRandom(4)
    const net = new QuantileNet()
    const weights = freshWeights(random)
    for (let round = 0; round < 20; round++) {
      fillInputs(net.x, random)
      const target = 8 * (random() - 0.5)
      const gradient = new Float64Array(PARAMETERS)
      lossWith(net, weights, target)
      net.addBodyGradient(gradient, weights.subarray(BODY))
      net.addHeadGradient(gradient.subarray(BODY))
      for (let i = 0; i < PARAMETERS; i++) {
        const step = 1e-6
        const kept = weights[i] ?? 0
        weights[i] = kept + step
        const above = lossWith(net, weights, target)
        weights[i] = kept - step
        const below = lossWith(net, weights, target)
        weights[i] = kept
        expect(gradient[i], `parameter ${i}, round ${round}`).toBeCloseTo((above - below) / (2 * step), 5)
      }
    }
  })

  test('quantiles never cross, whatever the weights', () => {
    const random = seededRandom(5)
    const net = new QuantileNet()
    for (let round = 0; round < 200; round++) {
      const weights = Float64Array.from({ length: PARAMETERS }, () => 20 * (random() - 0.5))
      fillInputs(net.x, random)
      lossWith(net, weights, 0)
      const ordered = [...net.quantiles].sort((a, b) => a - b)
      expect([...net.quantiles]).toEqual(ordered)
    }
  })

  test('elastic weight consolidation keeps what was learned while something else is', () => {
    const random = () => seededRandom(9)
    const [first, second] = [linearRows(0.8, 2_000, 1), linearRows(-0.8, 2_000, 2)]
    const base = freshWeights(random())
    for (const _ of train(base, first, { passes: 12, rate: 0.01, random: random() }));
    const anchor = { weights: base.slice(), fisher: fisherOf(base, first) }
    const retrained = (strength: number) => {
      const weights = base.slice()
      const options = { passes: 2, rate: 0.002, random: random(), anchor: { ...anchor, strength } }
      for (const _ of train(weights, second, options));
      return { forgot: meanLoss(weights, first) - meanLoss(base, first), learned: meanLoss(weights, second) }
    }
    const [free, held] = [retrained(0), retrained(300)]
    expect(free.forgot).toBeGreaterThan(0.05)
    expect(held.forgot).toBeLessThan(0.5 * free.forgot)
    expect(held.learned).toBeLessThan(meanLoss(base, second))
  })
})
