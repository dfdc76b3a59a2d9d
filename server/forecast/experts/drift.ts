import { at } from '../numeric/arrays.ts'
import type { Series } from '../series.ts'
import { type ExpertContext, levelParts, type Parts, type PointExpert } from './point-expert.ts'

const ALPHA = 0.02
const CLIP = 4

/** Random walk with drift (Hyndman and Athanasopoulos, FPP3 §5.2), the drift being slowly forgotten. */
export class Drift implements PointExpert {
  readonly name = 'drift'
  readonly logarithmic = false
  private readonly series: Series
  private readonly state: Float64Array

  constructor(context: ExpertContext) {
    this.series = context.series
    this.state = context.slab.f64('drift', 1)
  }

  learn(): void {
    const { identity } = this.series
    if (!this.series.current || identity.count < 2) return
    const limit = CLIP * identity.slow
    const change = Math.max(-limit, Math.min(limit, identity.y - identity.lag1))
    this.state[0] =
      at(this.state, 0) + Math.max(ALPHA, 1 / (20 + identity.count)) * (change - at(this.state, 0))
  }

  locate(out: Float32Array, offset: number): void {
    const { grid, identity } = this.series
    for (let g = 0; g < grid.length; g++) out[offset + g] = identity.y + at(this.state, 0) * (grid[g] ?? 0)
  }

  explain(leadIndex: number): Parts {
    const { grid, identity } = this.series
    return { ...levelParts(this.series, identity.y), trend: at(this.state, 0) * (grid[leadIndex] ?? 0) }
  }
}
