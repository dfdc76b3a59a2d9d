/**
 * One voice in the aggregation: quantiles of its own for every grid lead, whatever method they come from. The
 * aggregation keeps what was said until its targets have come, and scores it; an expert learns by its own means.
 */
export interface QuantileExpert {
  readonly name: string
  /** Updates own state with the current step, which may be a gap; called after `series.learn`. */
  learn(): void
  /**
   * Writes grid leads × levels quantiles of the current origin, row by lead, in the unit of the series, from `offset`
   * on; NaN throughout a lead while the expert sleeps. They may cross: what is issued is sorted, capped and ≥ 0.
   */
  locate(out: Float64Array, offset: number): void
}
