import { at } from '../numeric/arrays.ts'
import { RecursiveLeastSquares } from '../recursive-least-squares.ts'
import { DAY_SECONDS, type Series, WEEK_SECONDS } from '../series.ts'
import { type ExpertContext, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

const DAY_PAIRS = 3
const WEEK_PAIRS = 2
const PAIRS = DAY_PAIRS + WEEK_PAIRS
const FEATURES = 1 + 2 * PAIRS
const PRIOR_VARIANCE = 1
const HUBER = 8
/** Days that the coefficients remember. */
const MEMORY_DAYS = 5
/** Share of a day that must have been seen before a curve through it means anything. */
const AWAKE_DAYS = 0.5
const CORRELATION_ALPHA = 0.01

const REST = 0
const PRODUCT = 1
const ENERGY = 2
const LEARNED = 3

/**
 * Dynamic harmonic regression (Young, Pedregal and Tych 1999; FPP3 §10.5): three Fourier pairs of the day and two of
 * the week by recursive least squares with forgetting; what is left over follows a first-order autoregression.
 */
export class HarmonicRegression implements PointExpert {
  readonly name = 'harmonic regression'
  readonly logarithmic = false
  private readonly series: Series
  private readonly stepSeconds: number
  private readonly forgetting: number
  private readonly weights: Float64Array
  private readonly covariance: Float32Array
  private readonly state: Float64Array
  private readonly solver = new RecursiveLeastSquares(FEATURES)
  private readonly x = new Float64Array(FEATURES)
  /** Sine and cosine of each pair's advance over each grid lead. */
  private readonly turns: Float64Array

  constructor(context: ExpertContext) {
    const { slab, series } = context
    this.series = series
    this.stepSeconds = series.stepSeconds
    this.forgetting = 1 - 1 / Math.max(50, (MEMORY_DAYS * DAY_SECONDS) / series.stepSeconds)
    this.weights = slab.f64('harmonic.weights', FEATURES)
    this.covariance = slab.f32('harmonic.covariance', this.solver.packed)
    this.state = slab.f64('harmonic.state', 4)
    this.solver.reset(this.covariance, 0, PRIOR_VARIANCE)
    this.turns = Float64Array.from(
      series.grid.flatMap((lead) =>
        Array.from({ length: PAIRS }, (_, i) => this.angle(i, lead)).flatMap((a) => [
          Math.sin(a),
          Math.cos(a),
        ]),
      ),
    )
  }

  learn(): void {
    this.place(this.series.steps - 1)
    if (!this.series.current) return
    const { identity } = this.series
    const s = this.state
    if (at(s, LEARNED) === 0) this.weights[0] = identity.y
    s[LEARNED] = at(s, LEARNED) + 1
    const error = identity.y - this.solver.predict(this.weights, 0, this.x)
    const limit = HUBER * Math.max(identity.slow, identity.sigma)
    const clipped = Math.max(-limit, Math.min(limit, error))
    this.solver.learn(this.weights, 0, this.covariance, 0, this.x, clipped, this.forgetting)
    const rest = identity.y - this.solver.predict(this.weights, 0, this.x)
    const unit = 1 / identity.steady
    s[PRODUCT] = at(s, PRODUCT) + CORRELATION_ALPHA * (rest * unit * at(s, REST) * unit - at(s, PRODUCT))
    s[ENERGY] = at(s, ENERGY) + CORRELATION_ALPHA * ((at(s, REST) * unit) ** 2 - at(s, ENERGY))
    s[REST] = rest
  }

  locate(out: Float32Array, offset: number): void {
    this.place(this.series.steps - 1)
    const awake = at(this.state, LEARNED) * this.stepSeconds >= AWAKE_DAYS * DAY_SECONDS
    for (let g = 0; g < this.series.grid.length; g++) {
      out[offset + g] = awake ? this.curve(g) + this.persistence(g) : Number.NaN
    }
  }

  explain(leadIndex: number): Parts {
    this.place(this.series.steps - 1)
    const { identity } = this.series
    const level = at(this.weights, 0) - identity.mean(4)
    const season = this.curve(leadIndex) - at(this.weights, 0)
    return { ...NO_PARTS, level, season, momentum: this.persistence(leadIndex) }
  }

  private angle(pair: number, steps: number): number {
    const period = pair < DAY_PAIRS ? DAY_SECONDS : WEEK_SECONDS
    const order = pair < DAY_PAIRS ? pair + 1 : pair - DAY_PAIRS + 1
    return (2 * Math.PI * order * ((steps * this.stepSeconds) % period)) / period
  }

  private place(step: number): void {
    this.x[0] = 1
    for (let i = 0; i < PAIRS; i++) {
      const angle = this.angle(i, step)
      this.x[1 + 2 * i] = Math.sin(angle)
      this.x[2 + 2 * i] = Math.cos(angle)
    }
  }

  /** The curve at a grid lead, each pair turned on from where it stands now. */
  private curve(g: number): number {
    let sum = at(this.weights, 0)
    for (let i = 0; i < PAIRS; i++) {
      const a = at(this.weights, 1 + 2 * i)
      const b = at(this.weights, 2 + 2 * i)
      const sine = at(this.x, 1 + 2 * i)
      const cosine = at(this.x, 2 + 2 * i)
      const turn = 2 * (g * PAIRS + i)
      sum +=
        (a * sine + b * cosine) * at(this.turns, turn + 1) + (a * cosine - b * sine) * at(this.turns, turn)
    }
    return sum
  }

  private persistence(g: number): number {
    const energy = at(this.state, ENERGY)
    const correlation = energy > 0 ? Math.max(0, Math.min(0.99, at(this.state, PRODUCT) / energy)) : 0
    return at(this.state, REST) * correlation ** (this.series.grid[g] ?? 0)
  }
}
