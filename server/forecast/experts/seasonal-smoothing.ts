import { at } from '../numeric/arrays.ts'
import { DAY_RAW, type Series, WEEK } from '../series.ts'
import { type ExpertContext, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

const ALPHA = 0.3
const BETA = 0.08
const PHI = 0.92
const CLIP = 6
/** Share of what the week adds to the day that is believed. */
const WEEK_SHARE = 0.5

const LEVEL = 0
const SLOPE = 1
/** What the level is: nothing yet, that of the values, or that of what the seasons leave over. */
const STAGE = 2
const PLAIN = 1
const SEASONAL = 2

/**
 * Exponential smoothing with a damped trend and two additive seasons (Taylor 2003; Gardner and McKenzie 1985). The
 * seasons of day and week are the profiles of the series; level and slope are smoothed on what they leave over. Before
 * a day has been seen there is no season.
 */
export class SeasonalSmoothing implements PointExpert {
  readonly name = 'smoothing with seasons'
  readonly logarithmic = false
  private readonly series: Series
  private readonly state: Float64Array
  /** 1 − φ^h per grid lead. */
  private readonly damped: Float64Array

  constructor(context: ExpertContext) {
    this.series = context.series
    this.state = context.slab.f64('seasonalSmoothing', 3)
    this.damped = Float64Array.from(this.series.grid, (lead) => 1 - PHI ** lead)
  }

  learn(): void {
    const { identity, current } = this.series
    const s = this.state
    const season = this.season(-1)
    if (!current || (at(s, STAGE) === SEASONAL && Number.isNaN(season))) return
    const stage = Number.isNaN(season) ? PLAIN : SEASONAL
    const rest = stage === SEASONAL ? identity.y - season : identity.y
    if (at(s, STAGE) !== stage) {
      s[STAGE] = stage
      s[LEVEL] = rest
      return
    }
    const expected = at(s, LEVEL) + PHI * at(s, SLOPE)
    const limit = CLIP * identity.slow
    const error = rest - expected
    s[LEVEL] = expected + ALPHA * error
    s[SLOPE] = PHI * at(s, SLOPE) + ALPHA * BETA * Math.max(-limit, Math.min(limit, error))
  }

  locate(out: Float32Array, offset: number): void {
    const seasonal = at(this.state, STAGE) === SEASONAL
    for (let g = 0; g < this.series.grid.length; g++) {
      out[offset + g] = at(this.state, LEVEL) + this.trend(g) + (seasonal ? this.season(g) : 0)
    }
  }

  explain(leadIndex: number): Parts {
    const usual = this.series.identity.mean(4)
    const level = at(this.state, LEVEL)
    const trend = this.trend(leadIndex)
    if (at(this.state, STAGE) !== SEASONAL) return { ...NO_PARTS, level: level - usual, trend }
    return { ...NO_PARTS, level, trend, season: this.season(leadIndex) - usual }
  }

  /** Day and week together at a grid lead; −1: now. */
  private season(g: number): number {
    const { series } = this
    const day = g < 0 ? series.profileNow(DAY_RAW) : series.profileAhead(DAY_RAW, g)
    const week = g < 0 ? series.profileNow(WEEK) : series.profileAhead(WEEK, g)
    return Number.isNaN(week) ? day : day + WEEK_SHARE * (week - day)
  }

  private trend(leadIndex: number): number {
    return (at(this.state, SLOPE) * PHI * at(this.damped, leadIndex)) / (1 - PHI)
  }
}
