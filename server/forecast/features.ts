import { at, at32, clipOrZero } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'
import { DAY, HOUR, PROFILE_COUNT, type Series, WEEK } from './series.ts'
import { MEAN_ALPHAS, type Space } from './space.ts'

const LAGS = 2
const COMMON = 1 + LAGS + MEAN_ALPHAS.length + 2
/** Number of regressors of one lead. */
export const FEATURES = COMMON + PROFILE_COUNT
const CLIP = 30

export const BIAS = 0
export const FIRST_MEAN = 1 + LAGS
export const FIRST_PROFILE_LEVEL = FIRST_MEAN + MEAN_ALPHAS.length

/**
 * Regressors of the direct regressions, all differences to the last value over the local volatility, so that weights
 * carry over between levels and scales. What an origin knew is kept until its targets come; what profiles say of the
 * target is read again then, which gives the same: a slot does not change between origin and target.
 */
export class FeatureWindow {
  readonly space: Space
  private readonly series: Series
  /** Per origin: regressors that all leads share, then each profile's value at the origin, in this space. */
  private readonly rows: Float32Array
  private readonly base: Float64Array
  private readonly scale: Float64Array
  private readonly window: number
  /** Profiles in this space: of the current step, then of each grid lead. Derived. */
  private readonly now = new Float64Array(PROFILE_COUNT)
  private readonly ahead: Float64Array

  constructor(slab: Slab, name: string, space: Space, series: Series, window: number) {
    this.space = space
    this.series = series
    this.window = window
    this.rows = slab.f32(`features.${name}`, FEATURES * window)
    this.base = slab.f64(`features.${name}.base`, window)
    this.scale = slab.f64(`features.${name}.scale`, window)
    this.ahead = new Float64Array(PROFILE_COUNT * series.grid.length)
  }

  /** Last value of origin `step`. */
  baseAt(step: number): number {
    return at(this.base, step % this.window)
  }
  /** Volatility at origin `step`; 0 where nothing may be learned from it: the space slept, or it was a gap. */
  scaleAt(step: number): number {
    return at(this.scale, step % this.window)
  }

  /** Projects the profiles of the current step; to be called before regressions learn it. */
  project(): void {
    if (!this.space.awake) return
    const { grid } = this.series
    for (let p = 0; p < PROFILE_COUNT; p++) {
      this.now[p] = this.projected(p, this.series.profileNow(p))
      for (let g = 0; g < grid.length; g++) {
        this.ahead[g * PROFILE_COUNT + p] = this.projected(p, this.series.profileAhead(p, g))
      }
    }
  }

  /** Records what the current step knows, for the time when its targets come. */
  write(step: number): void {
    const slot = step % this.window
    const { space } = this
    this.base[slot] = space.awake ? space.y : 0
    this.scale[slot] = space.awake && this.series.current ? space.sigma : 0
    if (!space.awake) return
    this.fill(slot * FEATURES)
  }

  /** Regressors of one lead at origin `step`, whose target is the current step, into `out` (length FEATURES). */
  readPast(step: number, leadIndex: number, out: Float64Array): void {
    const offset = (step % this.window) * FEATURES
    for (let i = 0; i < COMMON; i++) out[i] = at32(this.rows, offset + i)
    const perSigma = 1 / this.scaleAt(step)
    for (let p = 0; p < PROFILE_COUNT; p++) {
      const seen = this.series.profileReaches(p, leadIndex) ? at(this.now, p) : Number.NaN
      out[COMMON + p] = clipOrZero((seen - at32(this.rows, offset + COMMON + p)) * perSigma, -CLIP, CLIP)
    }
  }

  /** Regressors of one lead at the current step, which `write` has recorded. */
  readNow(leadIndex: number, out: Float64Array): void {
    const offset = ((this.series.steps - 1) % this.window) * FEATURES
    for (let i = 0; i < COMMON; i++) out[i] = at32(this.rows, offset + i)
    const perSigma = 1 / this.space.sigma
    for (let p = 0; p < PROFILE_COUNT; p++) {
      const change = at(this.ahead, leadIndex * PROFILE_COUNT + p) - at32(this.rows, offset + COMMON + p)
      out[COMMON + p] = clipOrZero(change * perSigma, -CLIP, CLIP)
    }
  }

  private fill(offset: number): void {
    const { space, rows } = this
    const perSigma = 1 / space.sigma
    const y = space.y
    rows[offset] = 1
    rows[offset + 1] = clipOrZero((space.lag1 - y) * perSigma, -CLIP, CLIP)
    rows[offset + 2] = clipOrZero((space.lag2 - y) * perSigma, -CLIP, CLIP)
    for (let k = 0; k < MEAN_ALPHAS.length; k++) {
      rows[offset + FIRST_MEAN + k] = clipOrZero((space.mean(k) - y) * perSigma, -CLIP, CLIP)
    }
    const level = space.mean(1)
    rows[offset + FIRST_PROFILE_LEVEL] = clipOrZero((at(this.now, DAY) - level) * perSigma, -CLIP, CLIP)
    rows[offset + FIRST_PROFILE_LEVEL + 1] = clipOrZero((at(this.now, WEEK) - level) * perSigma, -CLIP, CLIP)
    for (let p = 0; p < PROFILE_COUNT; p++) rows[offset + COMMON + p] = at(this.now, p)
  }

  /** The hour profile holds deviations, which the log space sees relative to the current level. */
  private projected(profile: number, value: number): number {
    const { space } = this
    if (!space.logarithmic) return value
    if (profile !== HOUR) return space.forward(value)
    return value / (Math.max(0, this.series.identity.mean(2)) + space.shift)
  }
}
