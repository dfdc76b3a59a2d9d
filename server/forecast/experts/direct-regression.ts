import { BIAS, FEATURES, type FeatureWindow, FIRST_MEAN, FIRST_PROFILE_LEVEL } from '../features.ts'
import { originStride } from '../lead-grid.ts'
import { at } from '../numeric/arrays.ts'
import { RecursiveLeastSquares } from '../recursive-least-squares.ts'
import type { Series } from '../series.ts'
import type { ExpertContext, Parts, PointExpert } from './point-expert.ts'

const PRIOR_VARIANCE = 0.5
const PRIOR_MEANS = [FIRST_MEAN + 1, FIRST_MEAN + 2]
const HUBER = 4

/**
 * One linear regression per lead on (y[t+h] − y[t]) / σ[t], learned by recursive least squares with
 * forgetting. Large errors are clipped (Huber 1964), more widely for far leads. It starts as the average of
 * two running means and so needs no warm-up.
 */
export class DirectRegression implements PointExpert {
  readonly name: string
  readonly logarithmic: boolean
  private readonly series: Series
  private readonly features: FeatureWindow
  private readonly forgetting: number
  private readonly weights: Float64Array
  private readonly covariance: Float64Array
  private readonly solver = new RecursiveLeastSquares(FEATURES)
  private readonly x = new Float64Array(FEATURES)

  constructor(context: ExpertContext, features: FeatureWindow, name: string, forgetting: number) {
    const leads = context.grid.length
    this.name = name
    this.logarithmic = features.space.logarithmic
    this.series = context.series
    this.features = features
    this.forgetting = forgetting
    this.weights = context.slab.f64(`${name}.weights`, leads * FEATURES)
    this.covariance = context.slab.f64(`${name}.covariance`, leads * this.solver.packed)
    for (let g = 0; g < leads; g++) {
      this.solver.reset(this.covariance, g * this.solver.packed, PRIOR_VARIANCE)
      for (const k of PRIOR_MEANS) this.weights[g * FEATURES + k] = 0.5
    }
  }

  learn(): void {
    const { grid, current, steps } = this.series
    if (!current || !this.features.space.awake) return
    for (let g = 0; g < grid.length; g++) {
      const lead = grid[g] ?? 0
      const origin = steps - 1 - lead
      const stride = originStride(lead)
      if (origin >= 0 && origin % stride === 0 && this.features.scaleAt(origin) > 0) {
        this.learnLead(g, origin, lead, stride)
      }
    }
  }

  locate(out: Float32Array, offset: number): void {
    const { space } = this.features
    for (let g = 0; g < this.series.grid.length; g++) {
      if (!space.awake) out[offset + g] = Number.NaN
      else {
        this.features.readNow(g, this.x)
        const change = this.solver.predict(this.weights, g * FEATURES, this.x)
        out[offset + g] = space.inverse(space.y + space.sigma * change)
      }
    }
  }

  explain(leadIndex: number): Parts {
    const space = this.features.space
    this.features.readNow(leadIndex, this.x)
    const term = (k: number) => space.sigma * at(this.weights, leadIndex * FEATURES + k) * at(this.x, k)
    let momentum = space.y - space.mean(2)
    for (let k = 1; k < FIRST_MEAN + 2; k++) momentum += term(k)
    let level = space.mean(2) - space.mean(4)
    for (let k = FIRST_MEAN + 2; k < FIRST_PROFILE_LEVEL; k++) level += term(k)
    let season = 0
    for (let k = FIRST_PROFILE_LEVEL; k < FEATURES; k++) season += term(k)
    return { level, trend: term(BIAS), season, momentum }
  }

  private learnLead(g: number, origin: number, lead: number, stride: number): void {
    const scale = this.features.scaleAt(origin)
    this.features.readPast(origin, g, this.x)
    const target = (this.features.space.y - this.features.baseAt(origin)) / scale
    const limit = HUBER * Math.sqrt(1 + 0.3 * (lead - 1))
    const error = target - this.solver.predict(this.weights, g * FEATURES, this.x)
    const clipped = Math.max(-limit, Math.min(limit, error))
    const p0 = g * this.solver.packed
    const forgetting = stride === 1 ? this.forgetting : this.forgetting ** stride
    this.solver.learn(this.weights, g * FEATURES, this.covariance, p0, this.x, clipped, forgetting)
  }
}
