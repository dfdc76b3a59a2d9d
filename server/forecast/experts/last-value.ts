import type { Series } from '../series.ts'
import { type ExpertContext, levelParts, type Parts, type PointExpert } from './point-expert.ts'

/** The last value stays: the unit that every forecast is measured against. */
export class LastValue implements PointExpert {
  readonly name = 'last value'
  readonly logarithmic = false
  private readonly series: Series

  constructor(context: ExpertContext) {
    this.series = context.series
  }

  learn(): void {}

  locate(out: Float32Array, offset: number): void {
    out.fill(this.series.identity.y, offset, offset + this.series.grid.length)
  }

  explain(): Parts {
    return levelParts(this.series, this.series.identity.y)
  }
}
