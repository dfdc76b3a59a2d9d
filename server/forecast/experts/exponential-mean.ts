import type { Series } from '../series.ts'
import { type ExpertContext, levelParts, NO_PARTS, type Parts, type PointExpert } from './point-expert.ts'

/** Simple exponential smoothing (Brown 1959): one of the running means, flat over the leads. */
export class ExponentialMean implements PointExpert {
  readonly name: string
  readonly logarithmic = false
  private readonly series: Series
  private readonly index: number

  constructor(context: ExpertContext, index: number, name: string) {
    this.series = context.series
    this.index = index
    this.name = name
  }

  learn(): void {}

  locate(out: Float32Array, offset: number): void {
    out.fill(this.series.identity.mean(this.index), offset, offset + this.series.grid.length)
  }

  explain(): Parts {
    const { identity } = this.series
    if (this.index < 2) return levelParts(this.series, identity.mean(this.index))
    return { ...NO_PARTS, level: identity.mean(this.index) - identity.mean(4) }
  }
}
