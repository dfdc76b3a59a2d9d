import { at, at32, clipOrZero } from './numeric/arrays.ts'
import type { Slab } from './numeric/slab.ts'
import { DAY, PROFILE_COUNT, type Series, WEEK } from './series.ts'
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
 * Regressors of the direct regressions, all differences to the last value over the local volatility, so that
 * weights carry over between levels and scales. The last `window` origins are kept until their targets come.
 */
export class FeatureWindow {
  readonly space: Space
  private readonly rows: Float32Array
  private readonly base: Float64Array
  private readonly scale: Float64Array
  private readonly teaches: Float64Array
  private readonly width: number
  private readonly window: number
  private readonly leads: number

  constructor(slab: Slab, name: string, space: Space, leads: number, window: number) {
    this.space = space
    this.leads = leads
    this.window = window
    this.width = COMMON + PROFILE_COUNT * leads
    this.rows = slab.f32(`features.${name}`, this.width * window)
    this.base = slab.f64(`features.${name}.base`, window)
    this.scale = slab.f64(`features.${name}.scale`, window)
    this.teaches = slab.f64(`features.${name}.teaches`, window)
  }

  /** Whether origin `step` had a value of its own: what is said from a gap is not learned from. */
  teachesAt(step: number): boolean {
    return at(this.teaches, step % this.window) === 1
  }

  /** Last value and volatility at origin `step`; scale 0 while the space sleeps. */
  baseAt(step: number): number {
    return at(this.base, step % this.window)
  }
  scaleAt(step: number): number {
    return at(this.scale, step % this.window)
  }

  /** Records the regressors of every grid lead at origin `step`. */
  write(step: number, series: Series): void {
    const slot = step % this.window
    const space = this.space
    this.base[slot] = space.awake ? space.y : 0
    this.scale[slot] = space.awake ? space.sigma : 0
    this.teaches[slot] = space.awake && series.current ? 1 : 0
    if (space.awake) this.fill(slot * this.width, series)
  }

  /** Copies the regressors of one lead at origin `step` into `out` (length FEATURES). */
  read(step: number, leadIndex: number, out: Float64Array): void {
    const offset = (step % this.window) * this.width
    for (let i = 0; i < COMMON; i++) out[i] = at32(this.rows, offset + i)
    const first = offset + COMMON + leadIndex * PROFILE_COUNT
    for (let p = 0; p < PROFILE_COUNT; p++) out[COMMON + p] = at32(this.rows, first + p)
  }

  private fill(offset: number, series: Series): void {
    const space = this.space
    const perSigma = 1 / space.sigma
    const rows = this.rows
    const y = space.y
    rows[offset] = 1
    rows[offset + 1] = clipOrZero((space.lag1 - y) * perSigma, -CLIP, CLIP)
    rows[offset + 2] = clipOrZero((space.lag2 - y) * perSigma, -CLIP, CLIP)
    for (let k = 0; k < MEAN_ALPHAS.length; k++) {
      rows[offset + FIRST_MEAN + k] = clipOrZero((space.mean(k) - y) * perSigma, -CLIP, CLIP)
    }
    const level = space.mean(1)
    const day = space.forward(series.profileNow(DAY)) - level
    const week = space.forward(series.profileNow(WEEK)) - level
    rows[offset + FIRST_PROFILE_LEVEL] = clipOrZero(day * perSigma, -CLIP, CLIP)
    rows[offset + FIRST_PROFILE_LEVEL + 1] = clipOrZero(week * perSigma, -CLIP, CLIP)
    for (let p = 0; p < PROFILE_COUNT; p++) this.fillProfile(offset + COMMON + p, p, series, perSigma)
  }

  private fillProfile(first: number, profile: number, series: Series, perSigma: number): void {
    // The hour profile holds deviations, so it enters the log space around the current level.
    const now = this.project(series, profile, series.profileNow(profile))
    for (let g = 0; g < this.leads; g++) {
      const ahead = this.project(series, profile, series.profileAhead(profile, g))
      this.rows[first + g * PROFILE_COUNT] = clipOrZero((ahead - now) * perSigma, -CLIP, CLIP)
    }
  }

  private project(series: Series, profile: number, value: number): number {
    if (!this.space.logarithmic) return value
    return this.space.forward(profile === 3 ? series.identity.mean(2) + value : value)
  }
}
