import { BIAS, FEATURES, type FeatureWindow, FIRST_MEAN, FIRST_PROFILE_LEVEL } from '../features.ts'
import { leadInterpolation, originStride, regressionLeads } from '../lead-grid.ts'
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
  /** Grid indices of the leads that have weights of their own; those between share the neighbours'. */
  private readonly own: readonly number[]
  /** Per grid lead: the place in `own` at or before it, and the share of the next. */
  private readonly between: readonly { index: number; share: number }[]
  private readonly weights: Float64Array
  private readonly covariance: Float32Array
  private readonly solver = new RecursiveLeastSquares(FEATURES)
  private readonly x = new Float64Array(FEATURES)

  /** `leads`: whether every grid lead has weights of its own, or some share their neighbours'. */
  constructor(
    context: ExpertContext,
    features: FeatureWindow,
    { name, forgetting, leads }: { name: string; forgetting: number; leads: 'every' | 'some' },
  ) {
    const { grid } = context
    this.own = leads === 'every' ? grid.map((_, g) => g) : regressionLeads(grid)
    const plan = leadInterpolation(
      this.own.map((g) => grid[g] ?? 0),
      grid.at(-1) ?? 1,
    )
    this.between = grid.map((lead) => plan[lead - 1] ?? { index: 0, share: 0 })
    const count = this.own.length
    this.name = name
    this.logarithmic = features.space.logarithmic
    this.series = context.series
    this.features = features
    this.forgetting = forgetting
    this.weights = context.slab.f64(`${name}.weights`, count * FEATURES)
    this.covariance = context.slab.f32(`${name}.covariance`, count * this.solver.packed)
    for (let i = 0; i < count; i++) {
      this.solver.reset(this.covariance, i * this.solver.packed, PRIOR_VARIANCE)
      for (const k of PRIOR_MEANS) this.weights[i * FEATURES + k] = 0.5
    }
  }

  learn(): void {
    const { grid, current, steps } = this.series
    if (!current || !this.features.space.awake) return
    for (let i = 0; i < this.own.length; i++) {
      const g = this.own[i] ?? 0
      const lead = grid[g] ?? 0
      const origin = steps - 1 - lead
      const stride = originStride(lead)
      if (origin < 0 || origin % stride !== 0 || this.features.scaleAt(origin) === 0) continue
      this.features.readPast(origin, g, this.x)
      this.learnLead(i, origin, lead, stride)
    }
  }

  locate(out: Float32Array, offset: number): void {
    const { space } = this.features
    for (let g = 0; g < this.series.grid.length; g++) {
      if (!space.awake) out[offset + g] = Number.NaN
      else {
        this.features.readNow(g, this.x)
        const change = this.predict(g)
        out[offset + g] = space.inverse(space.y + space.sigma * change)
      }
    }
  }

  explain(leadIndex: number): Parts {
    const space = this.features.space
    this.features.readNow(leadIndex, this.x)
    const { index, share } = this.between[leadIndex] ?? { index: 0, share: 0 }
    const weight = (k: number) => {
      const low = at(this.weights, index * FEATURES + k)
      return share === 0 ? low : low + share * (at(this.weights, (index + 1) * FEATURES + k) - low)
    }
    const term = (k: number) => space.sigma * weight(k) * at(this.x, k)
    let momentum = space.y - space.mean(2)
    for (let k = 1; k < FIRST_MEAN + 2; k++) momentum += term(k)
    let level = space.mean(2) - space.mean(4)
    for (let k = FIRST_MEAN + 2; k < FIRST_PROFILE_LEVEL; k++) level += term(k)
    let season = 0
    for (let k = FIRST_PROFILE_LEVEL; k < FEATURES; k++) season += term(k)
    return { level, trend: term(BIAS), season, momentum }
  }

  private predict(g: number): number {
    const plan = this.between[g]
    if (plan === undefined) return Number.NaN
    const low = this.solver.predict(this.weights, plan.index * FEATURES, this.x)
    if (plan.share === 0) return low
    return low + plan.share * (this.solver.predict(this.weights, (plan.index + 1) * FEATURES, this.x) - low)
  }

  private learnLead(i: number, origin: number, lead: number, stride: number): void {
    const { space } = this.features
    const target = (space.y - this.features.baseAt(origin)) / this.features.scaleAt(origin)
    const limit = HUBER * Math.sqrt(1 + 0.3 * (lead - 1))
    const error = target - this.solver.predict(this.weights, i * FEATURES, this.x)
    const clipped = Math.max(-limit, Math.min(limit, error))
    const forgetting = stride === 1 ? this.forgetting : this.forgetting ** stride
    const p0 = i * this.solver.packed
    this.solver.learn(this.weights, i * FEATURES, this.covariance, p0, this.x, clipped, forgetting)
  }
}
