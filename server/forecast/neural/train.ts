import { at, at32 } from '../numeric/arrays.ts'
import {
  BODY,
  HIDDEN,
  HIDDEN_ROW,
  INPUTS,
  MEDIAN,
  OUTPUT_ROW,
  OUTPUTS,
  PARAMETERS,
  ROW,
  TARGET,
} from './net-shape.ts'
import { QuantileNet } from './quantile-net.ts'
import type { Rows } from './training-rows.ts'

const BATCH = 32
const MOMENTUM = 0.9
const SECOND = 0.999

export type TrainingOptions = {
  /** Passes over the rows. */
  passes: number
  /** First step size; it falls to nothing along a cosine. */
  rate: number
  random: () => number
  /** What must not be forgotten: weights that were right before, and how much each of them mattered. */
  anchor?: { weights: Float64Array; fisher: Float64Array; strength: number }
}

/** Weights drawn small; the first quantiles are spread about the last value. */
export function freshWeights(random: () => number): Float64Array {
  const weights = new Float64Array(PARAMETERS)
  for (let j = 0; j < HIDDEN; j++) {
    for (let i = 0; i < INPUTS; i++) weights[j * HIDDEN_ROW + i] = (random() - 0.5) * 0.6
  }
  for (let k = 0; k < OUTPUTS; k++) {
    const row = BODY + k * OUTPUT_ROW
    for (let j = 0; j < HIDDEN; j++) weights[row + j] = (random() - 0.5) * 0.2
    if (k !== MEDIAN) weights[row + HIDDEN] = -1
  }
  return weights
}

/**
 * Trains all weights on the pinball loss, in place, by Adam (Kingma and Ba 2015) with elastic weight consolidation
 * towards `anchor` (Kirkpatrick et al. 2017): loss + strength / 2 · Σ F (w − w₀)². Yields after every pass.
 */
export function* train(weights: Float64Array, rows: Rows, options: TrainingOptions): Generator<number> {
  const net = new QuantileNet()
  const first = new Float64Array(PARAMETERS)
  const second = new Float64Array(PARAMETERS)
  const gradient = new Float64Array(PARAMETERS)
  const order = Uint32Array.from({ length: rows.count }, (_, i) => i)
  const updates = options.passes * Math.ceil(rows.count / BATCH)
  let update = 0
  for (let pass = 0; pass < options.passes; pass++) {
    shuffle(order, options.random)
    let loss = 0
    for (let start = 0; start < rows.count; start += BATCH) {
      const end = Math.min(rows.count, start + BATCH)
      gradient.fill(0)
      for (let i = start; i < end; i++) loss += addGradient(net, weights, rows, order[i] ?? 0, gradient)
      addAnchor(gradient, weights, options.anchor, end - start)
      const rate = options.rate * 0.5 * (1 + Math.cos((Math.PI * update) / updates))
      update++
      const lift = rate / (1 - MOMENTUM ** update)
      const level = 1 / (1 - SECOND ** update)
      for (let i = 0; i < PARAMETERS; i++) {
        const slope = at(gradient, i) / (end - start)
        first[i] = MOMENTUM * at(first, i) + (1 - MOMENTUM) * slope
        second[i] = SECOND * at(second, i) + (1 - SECOND) * slope * slope
        weights[i] = at(weights, i) - (lift * at(first, i)) / (Math.sqrt(level * at(second, i)) + 1e-8)
      }
    }
    yield loss / Math.max(1, rows.count)
  }
}

/** Diagonal of the empirical Fisher information: the mean squared gradient of the loss over rows. */
export function fisherOf(weights: Float64Array, rows: Rows): Float64Array {
  const net = new QuantileNet()
  const gradient = new Float64Array(PARAMETERS)
  const fisher = new Float64Array(PARAMETERS)
  for (let row = 0; row < rows.count; row++) {
    gradient.fill(0)
    addGradient(net, weights, rows, row, gradient)
    for (let i = 0; i < PARAMETERS; i++) fisher[i] = at(fisher, i) + at(gradient, i) ** 2 / rows.count
  }
  return fisher
}

/** Mean pinball loss of a base over rows, as `QuantileNet.loss` measures it; NaN without rows. */
export function lossOf(weights: Float64Array, rows: Rows): number {
  const net = new QuantileNet()
  let sum = 0
  for (let row = 0; row < rows.count; row++) sum += lossAt(net, weights, rows, row)
  return sum / rows.count
}

function lossAt(net: QuantileNet, weights: Float64Array, rows: Rows, row: number): number {
  for (let i = 0; i < INPUTS; i++) net.x[i] = at32(rows.values, row * ROW + i)
  const head = weights.subarray(BODY)
  net.begin(weights, head)
  net.forward(weights, head)
  return net.loss(at32(rows.values, row * ROW + TARGET))
}

function addGradient(
  net: QuantileNet,
  weights: Float64Array,
  rows: Rows,
  row: number,
  out: Float64Array,
): number {
  const loss = lossAt(net, weights, rows, row)
  net.addBodyGradient(out, weights.subarray(BODY))
  net.addHeadGradient(out.subarray(BODY))
  return loss
}

function addAnchor(
  gradient: Float64Array,
  weights: Float64Array,
  anchor: TrainingOptions['anchor'],
  batch: number,
): void {
  if (anchor === undefined) return
  for (let i = 0; i < PARAMETERS; i++) {
    const pull = anchor.strength * at(anchor.fisher, i) * (at(weights, i) - at(anchor.weights, i))
    gradient[i] = at(gradient, i) + batch * pull
  }
}

function shuffle(order: Uint32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = held
  }
}
