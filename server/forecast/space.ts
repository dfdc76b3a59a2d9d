import { at } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'

/** Rates of the exponential means, fast to slow. */
export const MEAN_ALPHAS = [0.5, 0.2, 0.05, 0.0125, 0.002] as const
const FAST_ALPHA = 0.05
const SLOW_ALPHA = 0.005
const STEADY_ALPHA = 0.0005
const OUTLIER_CLIP = 8
const RELATIVE_SCALE_FLOOR = 1e-3

const Y = 5
const LAG1 = 6
const LAG2 = 7
const FAST = 8
const SLOW = 9
const COUNT = 10
const MAGNITUDE = 11
const SHIFT = 12
const STEADY = 13
const FIELDS = 14

/**
 * Level and volatility of a series in one space: the values themselves, or log1p(value / shift), in which
 * multiplicative noise is even. The log space sleeps until its shift is set by `wake`.
 */
export class Space {
  readonly logarithmic: boolean
  private readonly fields: Float64Array

  constructor(slab: Slab, name: string, logarithmic: boolean) {
    this.logarithmic = logarithmic
    this.fields = slab.f64(`space.${name}`, FIELDS)
  }

  get awake(): boolean {
    return at(this.fields, COUNT) > 0
  }
  get count(): number {
    return at(this.fields, COUNT)
  }
  get y(): number {
    return at(this.fields, Y)
  }
  get lag1(): number {
    return at(this.fields, LAG1)
  }
  get lag2(): number {
    return at(this.fields, LAG2)
  }
  /** Slowly forgotten mean absolute deviation from the short mean. */
  get slow(): number {
    return at(this.fields, SLOW)
  }
  /** Volatility over the whole life of the series, nearly. */
  get steady(): number {
    return at(this.fields, STEADY)
  }
  /** Local volatility: a blend of the fast and the slow mean absolute deviation. */
  get sigma(): number {
    return 0.4 * at(this.fields, FAST) + 0.6 * at(this.fields, SLOW)
  }
  /** Exponential mean number `index` of MEAN_ALPHAS. */
  mean(index: number): number {
    return at(this.fields, index)
  }

  /** What is added before the logarithm is taken; 0 until the space wakes. */
  get shift(): number {
    return at(this.fields, SHIFT)
  }

  wake(shift: number): void {
    this.fields[SHIFT] = shift
  }

  get ready(): boolean {
    return !this.logarithmic || at(this.fields, SHIFT) > 0
  }

  forward(value: number): number {
    return this.logarithmic ? Math.log1p(Math.max(0, value) / at(this.fields, SHIFT)) : value
  }

  inverse(value: number): number {
    // Past e^60 the quantile cap decides anyway; the limit only keeps the number finite.
    return this.logarithmic ? at(this.fields, SHIFT) * Math.expm1(Math.min(60, value)) : value
  }

  learn(value: number): void {
    const f = this.fields
    const y = this.forward(value)
    const count = at(f, COUNT) + 1
    f[COUNT] = count
    if (count === 1) {
      for (let k = 0; k < MEAN_ALPHAS.length; k++) f[k] = y
      f[LAG2] = f[LAG1] = f[Y] = y
      f[MAGNITUDE] = Math.abs(y)
      f[FAST] = f[SLOW] = f[STEADY] = Math.max(1e-9, 0.1 * Math.abs(y))
      return
    }
    const deviation = Math.abs(y - at(f, 1))
    // Both means share one clip, so one outlier moves them little and a lasting change of scale grows fast.
    const clip = OUTLIER_CLIP * Math.max(at(f, FAST), at(f, SLOW))
    const error = count <= 3 ? deviation : Math.min(deviation, clip)
    this.drift(MAGNITUDE, Math.abs(y), Math.max(SLOW_ALPHA, 1 / count))
    const floor = RELATIVE_SCALE_FLOOR * at(f, MAGNITUDE) + 1e-9
    this.drift(FAST, error, Math.max(FAST_ALPHA, 1 / count))
    this.drift(SLOW, error, Math.max(SLOW_ALPHA, 1 / count))
    this.drift(STEADY, error, Math.max(STEADY_ALPHA, 1 / count))
    f[STEADY] = Math.max(floor, at(f, STEADY))
    f[FAST] = Math.max(floor, at(f, FAST))
    f[SLOW] = Math.max(floor, at(f, SLOW))
    for (let k = 0; k < MEAN_ALPHAS.length; k++) {
      this.drift(k, y, Math.max(MEAN_ALPHAS[k] ?? 1, 1 / count))
    }
    f[LAG2] = at(f, LAG1)
    f[LAG1] = at(f, Y)
    f[Y] = y
  }

  private drift(field: number, target: number, alpha: number): void {
    const value = at(this.fields, field)
    this.fields[field] = value + alpha * (target - value)
  }
}
