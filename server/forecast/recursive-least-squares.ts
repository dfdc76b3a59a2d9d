import { at, at32 } from './numeric/arrays.ts'

/**
 * One step of recursive least squares with exponential forgetting (Plackett 1950; Ljung, System
 * Identification, 1999, §11.2) on a packed lower triangle of P, kept in single precision. `weights` and `covariance` are slices that
 * start at `w0` and `p0`. P is divided by `forgetting` only while its trace is below the dimension: without
 * that guard it grows without bound along directions that are never excited (Åström and Wittenmark 1995).
 */
export class RecursiveLeastSquares {
  /** Length of one packed covariance. */
  readonly packed: number
  private readonly dimension: number
  private readonly gain: Float64Array

  constructor(dimension: number) {
    this.dimension = dimension
    this.packed = (dimension * (dimension + 1)) / 2
    this.gain = new Float64Array(dimension)
  }

  /** Sets P to `variance` times the identity. */
  reset(covariance: Float32Array, p0: number, variance: number): void {
    for (let i = 0, p = p0; i < this.dimension; i++) {
      for (let j = 0; j <= i; j++) covariance[p++] = i === j ? variance : 0
    }
  }

  predict(weights: Float64Array, w0: number, x: Float64Array): number {
    let sum = 0
    for (let i = 0; i < this.dimension; i++) sum += at(weights, w0 + i) * at(x, i)
    return sum
  }

  learn(
    weights: Float64Array,
    w0: number,
    covariance: Float32Array,
    p0: number,
    x: Float64Array,
    error: number,
    forgetting: number,
  ): void {
    const n = this.dimension
    const gain = this.gain
    gain.fill(0)
    let trace = 0
    for (let i = 0, p = p0; i < n; i++) {
      const xi = at(x, i)
      let sum = 0
      for (let j = 0; j < i; j++, p++) {
        const value = at32(covariance, p)
        sum += value * at(x, j)
        gain[j] = at(gain, j) + value * xi
      }
      const diagonal = at32(covariance, p++)
      trace += diagonal
      gain[i] = at(gain, i) + sum + diagonal * xi
    }
    let energy = 0
    for (let i = 0; i < n; i++) energy += at(gain, i) * at(x, i)
    const perDenominator = 1 / (forgetting + energy)
    const grow = trace < n ? 1 / forgetting : 1
    for (let i = 0, p = p0; i < n; i++) {
      const scaled = at(gain, i) * perDenominator
      weights[w0 + i] = at(weights, w0 + i) + scaled * error
      for (let j = 0; j <= i; j++, p++) {
        covariance[p] = (at32(covariance, p) - scaled * at(gain, j)) * grow
      }
    }
  }
}
