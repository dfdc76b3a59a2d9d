import type { ExpertPanel } from '../expert-panel.ts'
import type { QuantileExpert } from './quantile-expert.ts'

/** Leads and number of levels that are spoken of. */
type Shape = { grid: readonly number[]; levels: number }

/** The panel's own tuned mixture, as one voice. */
export class TunedMixture implements QuantileExpert {
  readonly name = 'tuned mixture'
  private readonly panel: ExpertPanel
  private readonly grid: readonly number[]
  private readonly levels: number

  constructor(panel: ExpertPanel, shape: Shape) {
    this.panel = panel
    this.grid = shape.grid
    this.levels = shape.levels
  }

  /** The panel learns by itself. */
  learn(): void {}

  locate(out: Float64Array, offset: number): void {
    for (let g = 0; g < this.grid.length; g++) this.panel.forecast(g, out, offset + g * this.levels)
  }
}

/** One member of the panel with its own lasting error distribution, untouched by the mixture. */
export class PlainExpert implements QuantileExpert {
  readonly name: string
  private readonly panel: ExpertPanel
  private readonly grid: readonly number[]
  private readonly levels: number
  readonly member: number

  constructor(panel: ExpertPanel, shape: Shape, member: number) {
    this.name = panel.expertNames[member] ?? ''
    this.panel = panel
    this.grid = shape.grid
    this.levels = shape.levels
    this.member = member
  }

  /** The panel learns by itself. */
  learn(): void {}

  locate(out: Float64Array, offset: number): void {
    for (let g = 0; g < this.grid.length; g++) {
      this.panel.expertQuantiles(this.member, g, out, offset + g * this.levels)
    }
  }
}
