import { at } from '../numeric/arrays.ts'
import { RecursiveLeastSquares } from '../recursive-least-squares.ts'
import { DAY, type Series } from '../series.ts'
import { type ExpertContext, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

const ORDER = 4
const FEATURES = ORDER + 1
const PRIOR_VARIANCE = 0.5
const FORGETTING = 0.998
const HUBER = 4
/** Deviations are followed no further than this many times the volatility. */
const REACH = 20

/**
 * Autoregression of order four on what the day leaves over (FPP3 §9), by recursive least squares with forgetting, run
 * forward lead by lead. Before a day has been seen, it is about the slow mean.
 */
export class SeasonalAutoregression implements PointExpert {
  readonly name = 'autoregression'
  readonly logarithmic = false
  private readonly series: Series
  private readonly weights: Float64Array
  private readonly covariance: Float32Array
  /** Deviations of the last steps, newest first, and how many there are. */
  private readonly past: Float64Array
  private readonly solver = new RecursiveLeastSquares(FEATURES)
  private readonly x = new Float64Array(FEATURES)
  private readonly ahead: Float64Array

  constructor(context: ExpertContext) {
    const { slab, series } = context
    this.series = series
    this.weights = slab.f64('autoregression.weights', FEATURES)
    this.covariance = slab.f32('autoregression.covariance', this.solver.packed)
    this.past = slab.f64('autoregression.past', ORDER)
    this.ahead = new Float64Array(series.grid.length)
    this.solver.reset(this.covariance, 0, PRIOR_VARIANCE)
    this.weights[0] = 0.5
  }

  learn(): void {
    const { identity, current } = this.series
    if (!current) return
    const deviation = identity.y - this.usual(-1)
    const perSigma = 1 / identity.sigma
    for (let k = 0; k < ORDER; k++) this.x[k] = clip(at(this.past, k) * perSigma)
    this.x[ORDER] = 1
    const error = clip(deviation * perSigma) - this.solver.predict(this.weights, 0, this.x)
    const clipped = Math.max(-HUBER, Math.min(HUBER, error))
    this.solver.learn(this.weights, 0, this.covariance, 0, this.x, clipped, FORGETTING)
    for (let k = ORDER - 1; k > 0; k--) this.past[k] = at(this.past, k - 1)
    this.past[0] = deviation
  }

  locate(out: Float32Array, offset: number): void {
    this.run()
    for (let g = 0; g < this.series.grid.length; g++) {
      out[offset + g] = this.usual(g) + at(this.ahead, g)
    }
  }

  explain(leadIndex: number): Parts {
    this.run()
    const season = this.usual(leadIndex) - this.series.identity.mean(4)
    return { ...NO_PARTS, season, momentum: at(this.ahead, leadIndex) }
  }

  /** Deviations from the usual at every grid lead. */
  private run(): void {
    const { grid, identity } = this.series
    const perSigma = 1 / identity.sigma
    for (let k = 0; k < ORDER; k++) this.x[k] = clip(at(this.past, k) * perSigma)
    this.x[ORDER] = 1
    for (let g = 0, lead = 1; g < grid.length; lead++) {
      const next = clip(this.solver.predict(this.weights, 0, this.x))
      for (let k = ORDER - 1; k > 0; k--) this.x[k] = at(this.x, k - 1)
      this.x[0] = next
      if (lead === grid[g]) this.ahead[g++] = next * identity.sigma
    }
  }

  /** What this time of day usually holds, or the slow mean; −1: now. */
  private usual(g: number): number {
    const { series } = this
    const day = g < 0 ? series.profileNow(DAY) : series.profileAhead(DAY, g)
    return Number.isNaN(day) ? series.identity.mean(3) : day
  }
}

const clip = (value: number): number => Math.max(-REACH, Math.min(REACH, value))
