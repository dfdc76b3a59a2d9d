import { at } from '../numeric/arrays.ts'
import {
  COMMON_DIRECT,
  COMMON_INPUTS,
  DIRECT,
  DIRECT_START,
  HIDDEN,
  HIDDEN_ROW,
  INPUTS,
  LEAD_INVERSE,
  LEAD_LOG,
  LEAD_TERMS,
  LEVEL,
  LEVEL_HALF,
  leadGrowth,
  MEDIAN,
  NET_LEVELS,
  OUTPUT_ROW,
  OUTPUTS,
  PROFILE_AHEAD,
  PROFILES_AHEAD,
} from './net-shape.ts'

/** Differences over σ are damped so that the hidden layer stays in its range: x / (1 + |x| / 4). */
const DAMPING = 4

/**
 * A net of one hidden layer whose outputs are quantiles in units of σ from the last value: the median, and gaps to the
 * levels beside it that are positive by construction (quantiles never cross; Cannon 2018). Softsign units and
 * "squareplus" gaps (Barron 2021) need no transcendental function. Holds only scratch space: parameters are passed in.
 */
export class QuantileNet {
  /** Inputs of the origin and lead at hand; filled by the caller. */
  readonly x = new Float64Array(INPUTS)
  /** Quantiles at NET_LEVELS after `forward`. */
  readonly quantiles = new Float64Array(OUTPUTS)
  private readonly damped = new Float64Array(INPUTS)
  private readonly common = new Float64Array(HIDDEN)
  private readonly direct = new Float64Array(LEAD_TERMS)
  private readonly hidden = new Float64Array(HIDDEN)
  private readonly slopes = new Float64Array(HIDDEN)
  private readonly outputs = new Float64Array(OUTPUTS)
  private readonly gapSlopes = new Float64Array(OUTPUTS)
  private readonly errors = new Float64Array(OUTPUTS)
  private readonly levels = Float64Array.from(NET_LEVELS)
  private growth = 1

  /** Takes the inputs that every lead of an origin shares from `x`. `body`: the hidden layer; `head`: the rest. */
  begin(body: Float64Array, head: Float64Array): void {
    this.damp(0, COMMON_DIRECT, COMMON_INPUTS)
    for (let j = 0; j < HIDDEN; j++) {
      const row = j * HIDDEN_ROW
      let sum = at(body, row + INPUTS)
      for (let i = 0; i < COMMON_INPUTS; i++) sum += at(body, row + i) * at(this.damped, i)
      this.common[j] = sum
    }
    for (let k = 0; k < LEAD_TERMS; k++) {
      const row = DIRECT_START + k * DIRECT
      let sum = 0
      for (let i = 0; i < COMMON_DIRECT; i++) sum += at(head, row + i) * at(this.x, i)
      this.direct[k] = sum
    }
  }

  /** Quantiles for the lead whose inputs are in `x`, after `begin` with the same parameters. */
  forward(body: Float64Array, head: Float64Array): void {
    this.damp(PROFILE_AHEAD, PROFILE_AHEAD + PROFILES_AHEAD, INPUTS)
    for (let j = 0; j < HIDDEN; j++) {
      const row = j * HIDDEN_ROW
      let sum = at(this.common, j)
      for (let i = COMMON_INPUTS; i < INPUTS; i++) sum += at(body, row + i) * at(this.damped, i)
      const slope = 1 / (1 + Math.abs(sum))
      this.hidden[j] = sum * slope
      this.slopes[j] = slope * slope
    }
    for (let k = 0; k < OUTPUTS; k++) {
      const row = k * OUTPUT_ROW
      let sum = at(head, row + HIDDEN)
      for (let j = 0; j < HIDDEN; j++) sum += at(head, row + j) * at(this.hidden, j)
      this.outputs[k] = sum
    }
    this.growth = leadGrowth(1 / at(this.x, LEAD_INVERSE))
    this.spread(this.directShare(head))
  }

  /**
   * Mean over levels of the pinball loss of `target`, in units of the lead's own uncertainty. A quantile below zero counts
   * as zero, for demand cannot be negative. Prepares the gradient.
   */
  loss(target: number): number {
    const level = at(this.x, LEVEL)
    const floor = (-LEVEL_HALF * level) / (1 - level)
    const share = 2 / OUTPUTS
    const perGrowth = 1 / this.growth
    let sum = 0
    for (let k = 0; k < OUTPUTS; k++) {
      const tau = at(this.levels, k)
      const quantile = at(this.quantiles, k)
      const error = target - Math.max(floor, quantile)
      const slope = error > 0 ? -tau : error < 0 ? 1 - tau : 0
      this.errors[k] = quantile >= floor ? share * slope : 0
      sum -= slope * error
    }
    this.toOutputs()
    return share * sum * perGrowth
  }

  /** Adds the gradient of the last loss to `out`, laid out like the head. */
  addHeadGradient(out: Float64Array): void {
    for (let k = 0; k < OUTPUTS; k++) {
      const error = at(this.errors, k)
      const row = k * OUTPUT_ROW
      for (let j = 0; j < HIDDEN; j++) out[row + j] = at(out, row + j) + error * at(this.hidden, j)
      out[row + HIDDEN] = at(out, row + HIDDEN) + error
    }
    for (let k = 0; k < LEAD_TERMS; k++) {
      const error = (at(this.errors, MEDIAN) * this.leadTerm(k)) / this.growth
      const row = DIRECT_START + k * DIRECT
      for (let i = 0; i < DIRECT; i++) {
        out[row + i] = at(out, row + i) + error * this.directInput(i)
      }
    }
  }

  /**
   * One step down the gradient of the last loss, each parameter at its own rate. Direct weights are normalised by the
   * size of their inputs (Nagumo and Noda 1967), so that a spike among them cannot throw them.
   */
  descendHead(head: Float64Array, rates: Float64Array): void {
    for (let k = 0; k < OUTPUTS; k++) {
      const error = at(this.errors, k)
      const row = k * OUTPUT_ROW
      for (let j = 0; j < HIDDEN; j++) {
        head[row + j] = at(head, row + j) - at(rates, row + j) * error * at(this.hidden, j)
      }
      head[row + HIDDEN] = at(head, row + HIDDEN) - at(rates, row + HIDDEN) * error
    }
    let size = 1
    for (let i = 0; i < DIRECT; i++) size += this.directInput(i) ** 2 / DIRECT
    const error = at(this.errors, MEDIAN) / (this.growth * size)
    for (let k = 0; k < LEAD_TERMS; k++) {
      const step = error * this.leadTerm(k)
      const row = DIRECT_START + k * DIRECT
      for (let i = 0; i < DIRECT; i++) {
        head[row + i] = at(head, row + i) - at(rates, row + i) * step * this.directInput(i)
      }
    }
  }

  /** Adds the gradient of the last loss to `out`, laid out like the hidden layer. `head` as in `forward`. */
  addBodyGradient(out: Float64Array, head: Float64Array): void {
    for (let j = 0; j < HIDDEN; j++) {
      let error = 0
      for (let k = 0; k < OUTPUTS; k++) error += at(this.errors, k) * at(head, k * OUTPUT_ROW + j)
      error *= at(this.slopes, j)
      const row = j * HIDDEN_ROW
      for (let i = 0; i < INPUTS; i++) out[row + i] = at(out, row + i) + error * at(this.damped, i)
      out[row + INPUTS] = at(out, row + INPUTS) + error
    }
  }

  /** Damps the differences among inputs `from` … `to`, and takes the rest up to `end` as they are. */
  private damp(from: number, to: number, end: number): void {
    const { x, damped } = this
    for (let i = from; i < to; i++) damped[i] = at(x, i) / (1 + Math.abs(at(x, i)) / DAMPING)
    for (let i = to; i < end; i++) damped[i] = at(x, i)
  }

  private directInput(i: number): number {
    return at(this.x, i < COMMON_DIRECT ? i : PROFILE_AHEAD + i - COMMON_DIRECT)
  }

  private leadTerm(k: number): number {
    return k === 0 ? 1 : at(this.x, k === 1 ? LEAD_LOG : LEAD_INVERSE)
  }

  private directShare(head: Float64Array): number {
    let share = 0
    for (let k = 0; k < LEAD_TERMS; k++) {
      const row = DIRECT_START + k * DIRECT + COMMON_DIRECT
      let sum = at(this.direct, k)
      for (let i = 0; i < PROFILES_AHEAD; i++) sum += at(head, row + i) * at(this.x, PROFILE_AHEAD + i)
      share += this.leadTerm(k) * sum
    }
    return share
  }

  /** Outputs → quantiles: the median, and squareplus gaps outwards from it. */
  private spread(direct: number): void {
    const { quantiles, outputs, growth } = this
    const median = growth * at(outputs, MEDIAN) + direct
    quantiles[MEDIAN] = median
    for (let k = MEDIAN - 1; k >= 0; k--) quantiles[k] = at(quantiles, k + 1) - growth * this.gap(k)
    for (let k = MEDIAN + 1; k < OUTPUTS; k++) quantiles[k] = at(quantiles, k - 1) + growth * this.gap(k)
  }

  private gap(k: number): number {
    const raw = at(this.outputs, k)
    const root = Math.sqrt(raw * raw + 4)
    this.gapSlopes[k] = 0.5 * (1 + raw / root)
    return 0.5 * (raw + root)
  }

  /** Turns the errors of quantiles into errors of outputs: the median moves all, a gap moves those beyond it. */
  private toOutputs(): void {
    const { errors } = this
    for (let k = 1; k < MEDIAN; k++) errors[k] = at(errors, k) + at(errors, k - 1)
    for (let k = OUTPUTS - 2; k > MEDIAN; k--) errors[k] = at(errors, k) + at(errors, k + 1)
    errors[MEDIAN] = at(errors, MEDIAN) + at(errors, MEDIAN - 1) + at(errors, MEDIAN + 1)
    for (let k = 0; k < MEDIAN; k++) errors[k] = -at(errors, k) * at(this.gapSlopes, k)
    for (let k = MEDIAN + 1; k < OUTPUTS; k++) errors[k] = at(errors, k) * at(this.gapSlopes, k)
  }
}
