/** What a forecaster is told once. */
export type ForecasterOptions = {
  /** Seconds between observations. */
  stepSeconds: number
  /** Leads 1 … horizon are forecast. */
  horizon: number
  /** Quantile levels, increasing, within (0, 1), the median among them. */
  levels: readonly number[]
  /** Seed of whatever is random in the method; the same seed gives the same bytes. */
  seed: number
}

/** Quantiles of one lead, one value per level, never crossing. */
export type LeadQuantiles = { lead: number; values: number[] }

/** Saved state: JSON that restores the forecaster byte for byte. */
export type ForecasterState = {
  modelVersion: string
  options: ForecasterOptions & { experts: readonly string[]; startSeconds: number; base: string }
  columns: Record<string, string>
}

/**
 * A model of one series: it learns one observation at a time and forecasts every lead. Nothing else, so that
 * a new method is one file that passes `testing/forecaster-contract.ts`.
 */
export interface Forecaster {
  /** Takes the next step's value. NaN, or a value that cannot be a rate, is a gap and teaches nothing. */
  learn(value: number): void
  /** Quantiles of leads 1 … horizon from the last step. Changes nothing. */
  forecast(): LeadQuantiles[]
  toJSON(): ForecasterState
}
