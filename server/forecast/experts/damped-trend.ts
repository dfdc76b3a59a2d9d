import { at } from '../numeric/arrays.ts'
import type { Series } from '../series.ts'
import { type ExpertContext, levelParts, type Parts, type PointExpert } from './point-expert.ts'

const ALPHA = 0.3
const BETA = 0.08
const PHI = 0.92
const CLIP = 6

const LEVEL = 0
const SLOPE = 1

/** Exponential smoothing with a damped trend (Gardner and McKenzie 1985), errors clipped against outliers. */
export class DampedTrend implements PointExpert {
  readonly name = 'damped trend'
  readonly logarithmic = false
  private readonly series: Series
  private readonly state: Float64Array

  constructor(context: ExpertContext) {
    this.series = context.series
    this.state = context.slab.f64('dampedTrend', 2)
  }

  learn(): void {
    const { identity } = this.series
    const s = this.state
    if (!this.series.current) return
    if (identity.count === 1) {
      s[LEVEL] = identity.y
      return
    }
    const expected = at(s, LEVEL) + PHI * at(s, SLOPE)
    const error = identity.y - expected
    const limit = CLIP * identity.slow
    s[LEVEL] = expected + ALPHA * error
    s[SLOPE] = PHI * at(s, SLOPE) + ALPHA * BETA * Math.max(-limit, Math.min(limit, error))
  }

  locate(out: Float32Array, offset: number): void {
    for (let g = 0; g < this.series.grid.length; g++) out[offset + g] = at(this.state, LEVEL) + this.trend(g)
  }

  explain(leadIndex: number): Parts {
    return { ...levelParts(this.series, at(this.state, LEVEL)), trend: this.trend(leadIndex) }
  }

  /** φ + φ² + … + φ^h times the slope. */
  private trend(leadIndex: number): number {
    const lead = this.series.grid[leadIndex] ?? 0
    return (at(this.state, SLOPE) * PHI * (1 - PHI ** lead)) / (1 - PHI)
  }
}
